using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Fuzz.Targets;

/// <summary>Trackers' answers over HTTP: an error has a message, and what is read stays within every limit.</summary>
internal sealed class HttpTrackerAnswerTarget : IFuzzTarget
{
    private static readonly InfoHash Asked = new("aaaaaaaaaaaaaaaaaaaa"u8);
    private static readonly HashSet<InfoHash> AllAsked = [Asked];

    public string Name => "tracker-answer";

    public bool IsBencoded => true;

    public IReadOnlyList<byte[]> Words { get; } = [.. BencodeTarget.BencodeWords, .. new[]
    {
        "5:peers", "6:peers6", "8:interval", "12:min interval", "14:failure reason", "8:retry in", "5:never", "15:warning message",
        "10:tracker id", "11:external ip", "8:complete", "10:incomplete", "2:ip", "4:port", "7:peer id", "5:files", "9:127.0.0.1",
        "3:::1", "i6881e", "i0e", "i65536e",
    }.Select(Encoding.ASCII.GetBytes)];

    public IEnumerable<byte[]> Seeds => new[]
    {
        "d8:completei1e11:external ip4:abcd10:incompletei2e8:intervali1800e12:min intervali60e5:peers12:abcdefghijkl"
            + "6:peers618:abcdefghijklmnopqr10:tracker id1:x15:warning message2:hie",
        "d8:intervali1800e5:peersld2:ip9:127.0.0.17:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti6881eed2:ip3:::14:porti1eeee",
        "d14:failure reason10:Overloaded8:retry in1:5e",
        "d5:filesd20:aaaaaaaaaaaaaaaaaaaad8:completei1e10:downloadedi2e11:downloadersi3e10:incompletei4eeee",
    }.Select(Encoding.ASCII.GetBytes);

    public void Run(ReadOnlySpan<byte> input)
    {
        byte[] body = input.ToArray();
        bool isRead = HttpTrackerAnswer.TryReadAnnounce(body, out AnnounceResponse? answer, out string? error);
        FuzzException.Require(isRead == (error is null) && isRead == (answer is not null), "there must be an answer or an error");
        if (answer is not null)
            Check(answer);

        isRead = HttpTrackerAnswer.TryReadScrape(body, AllAsked, out ScrapeResponse? scrape, out error);
        FuzzException.Require(isRead == (error is null) && isRead == (scrape is not null), "there must be a scrape or an error");
        FuzzException.Require(scrape is null || scrape.Swarms.Keys.All(AllAsked.Contains), "only what was asked for may be reported");
    }

    private static void Check(AnnounceResponse answer)
    {
        FuzzException.Require(
            answer.FailureReason is null or { Length: > 0 and <= TrackerLimits.MaxMessageLength },
            "a refusal must have a message of bounded length");
        FuzzException.Require(answer.Warning is null or { Length: <= TrackerLimits.MaxMessageLength }, "a warning must be bounded");
        FuzzException.Require(answer.Peers.Count <= TrackerLimits.MaxPeersPerAnnounce, "peers are limited");
        FuzzException.Require(answer.Peers.All(peer => peer.EndPoint.Port != 0), "a peer's port is one");
        FuzzException.Require(answer.TrackerId is null or { Length: <= TrackerLimits.MaxTrackerIdLength }, "a tracker id must be bounded");
        FuzzException.Require(
            answer.RetryIn is null || answer.RetryIn == Timeout.InfiniteTimeSpan || answer.RetryIn > TimeSpan.Zero,
            "a retry time must lie in the future");
        TimeSpan interval = AnnounceTimes.Interval(answer);
        FuzzException.Require(
            interval >= AnnounceTimes.MinInterval && interval <= AnnounceTimes.MaxInterval, "intervals must be within the limits");
        FuzzException.Require(AnnounceTimes.Early(answer) <= interval, "an early announce must not be later than a regular one");
    }
}

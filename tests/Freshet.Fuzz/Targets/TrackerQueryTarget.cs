using System.Buffers;
using System.Net;
using System.Text;
using Freshet.Core.Bencoding;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Tracker;
using Freshet.Tracker.Http;
using Freshet.Tracker.Swarms;

namespace Freshet.Fuzz.Targets;

/// <summary>What clients ask our tracker: an error has a message, and every answer is canonical and understood by our client.</summary>
internal sealed class TrackerQueryTarget : IFuzzTarget
{
    private const string Needed = "info_hash=%01%02aaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=6881";

    private static readonly TrackerOptions Options = new() { MaxTorrents = 20, MaxPeers = 100, MaxPeersPerTorrent = 10 };

    private readonly SwarmStore _store = new(Options, new Random(1));
    private Timestamp _now = new(TimeSpan.TicksPerDay);

    public string Name => "tracker-query";

    public IReadOnlyList<byte[]> Words { get; } = [.. new[]
    {
        "&", "=", "%", "%00", "%ff", "+", "info_hash=", "peer_id=", "port=", "left=0", "left=", "event=", "started", "stopped", "completed",
        "paused", "numwant=", "compact=0", "no_peer_id=1", "ip=", "10.0.0.1", "::1", "aaaaaaaaaaaaaaaaaaaa", "65535", "-1",
        "9223372036854775807",
    }.Select(Encoding.ASCII.GetBytes)];

    public IEnumerable<byte[]> Seeds => new[]
    {
        $"?{Needed}&uploaded=0&downloaded=0&left=1&event=started&numwant=50&compact=1&key=1",
        $"{Needed}&left=0&compact=0&ip=2001%3Adb8%3A%3A1",
        $"{Needed}&left=0&event=stopped",
        "info_hash=%01%02aaaaaaaaaaaaaaaaaa&info_hash=bbbbbbbbbbbbbbbbbbbb",
    }.Select(Encoding.ASCII.GetBytes);

    public void Run(ReadOnlySpan<byte> input)
    {
        _now += TimeSpan.FromSeconds(1);
        string query = Encoding.Latin1.GetString(input);
        ArrayBufferWriter<byte> answer = new();
        if (AnnounceQuery.TryParse(query, out AnnounceQuery? announce, out string? error))
            Announce(announce, answer);
        else
            FuzzException.Require(error.Length > 0, "an error must say why");

        if (!ScrapeQuery.TryParse(query, out List<InfoHash>? asked, out error))
        {
            FuzzException.Require(error.Length > 0, "an error must say why");
            return;
        }

        answer.ResetWrittenCount();
        TrackerAnswer.WriteScrape(
            answer, asked.Select(infoHash => (infoHash, _store.TryScrape(infoHash, _now, out SwarmCounts counts) ? counts : default)));
        FuzzException.Require(
            HttpTrackerAnswer.TryReadScrape(answer.WrittenMemory, asked.ToHashSet(), out ScrapeResponse? scrape, out error),
            $"a scrape must be understood: {error}");
        FuzzException.Require(scrape.Swarms.Count == asked.Count, "every torrent must be reported once");
    }

    private void Announce(AnnounceQuery announce, ArrayBufferWriter<byte> answer)
    {
        PeerAddress asker = PeerAddress.From(announce.Address ?? IPAddress.Loopback, announce.Port);
        SwarmRequest request = new()
        {
            InfoHash = announce.InfoHash,
            PeerId = announce.PeerId,
            Address = asker,
            Event = announce.Event,
            Left = announce.Left,
            NumWant = announce.NumWant,
        };
        SwarmReply reply = _store.Announce(request, _now);
        if (reply.FailureReason is not null)
            TrackerAnswer.WriteFailure(answer, reply.FailureReason);
        else
            TrackerAnswer.WriteAnnounce(answer, reply, announce, asker, Options);
        FuzzException.Require(_store.Peers <= Options.MaxPeers && _store.Torrents <= Options.MaxTorrents, "the store's limits hold");
        FuzzException.Require(
            BencodeDocument.TryParse(answer.WrittenMemory, BencodeOptions.Strict, out _, out _), "an answer is canonical");
        FuzzException.Require(
            HttpTrackerAnswer.TryReadAnnounce(answer.WrittenMemory, out AnnounceResponse? read, out string? error),
            $"an answer must be understood: {error}");
        FuzzException.Require(read.Peers.Count + read.SkippedPeers == reply.Peers.Count, "every peer must be reported");
    }
}

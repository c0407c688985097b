using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Tracker;
using Freshet.Tracker.Swarms;
using Freshet.Tracker.Udp;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// What clients send to our tracker over UDP: once as it is, and once after a valid connection id. Without one, nobody receives more than
/// it sent. Our client understands every answer.
/// </summary>
internal sealed class UdpTrackerRequestTarget : IFuzzTarget
{
    private static readonly TrackerOptions Options = new() { MaxTorrents = 20, MaxPeers = 100, MaxPeersPerTorrent = 10 };
    private static readonly PeerAddress[] Askers =
        [PeerAddress.From(IPAddress.Parse("192.0.2.1"), 1), PeerAddress.From(IPAddress.Parse("2001:db8::1"), 1)];

    private readonly SharedSwarms _swarms = new(new SwarmStore(Options, new Random(1)));
    private readonly ConnectionIds _ids = new(new SipHash(1, 2));
    private readonly byte[] _answer = new byte[UdpApplication.MaxLength];

    public string Name => "udp-tracker-request";

    public IReadOnlyList<byte[]> Words { get; } =
    [
        [0, 0, 0, 0], [0, 0, 0, 1], [0, 0, 0, 2], [0, 0, 0, 3],
        [2, 9, .. Encoding.ASCII.GetBytes("/announce")], [1], [0xFF, 0xFF, 0xFF, 0xFF],
        "aaaaaaaaaaaaaaaaaaaa"u8.ToArray(),
    ];

    public IEnumerable<byte[]> Seeds =>
    [
        Convert.FromHexString("00000417271019800000000000000007"),
        [.. new byte[11], 1, .. new byte[4], .. new byte[86]],
        [.. new byte[11], 1, .. new byte[4], .. new byte[86], 2, 9, .. Encoding.ASCII.GetBytes("/announce")],
        [.. new byte[11], 2, .. new byte[4], .. new byte[40]],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        UdpApplication application = new(_swarms, _ids, Options);
        foreach (PeerAddress asker in Askers)
        {
            FuzzException.Require(
                application.Answer(input, asker, _answer) <= input.Length, "a stranger must not be sent more than it sent");
            if (input.Length < 8)
                continue;
            byte[] valid = input.ToArray();
            System.Buffers.Binary.BinaryPrimitives.WriteUInt64BigEndian(valid, _ids.For(asker, _swarms.Now));
            int length = application.Answer(valid, asker, _answer);
            if (length > 0)
                Check(valid, _answer.AsSpan(0, length), asker);
        }

        FuzzException.Require(
            _swarms.Statistics.Peers <= Options.MaxPeers && _swarms.Statistics.Torrents <= Options.MaxTorrents, "the store's limits hold");
    }

    private static void Check(ReadOnlySpan<byte> asked, ReadOnlySpan<byte> answer, PeerAddress asker)
    {
        FuzzException.Require(UdpTrackerAnswer.TryReadHeader(answer, out UdpTrackerAction action, out _), "an answer must have a header");
        FuzzException.Require(
            answer.Slice(4, 4).SequenceEqual(asked.Slice(12, 4)), "an answer must have the transaction id of its request");
        InfoHash[] scraped = [.. Enumerable.Range(0, (asked.Length - 16) / 20).Select(i => new InfoHash([(byte)i, .. new byte[19]]))];
        bool isUnderstood = action switch
        {
            UdpTrackerAction.Announce => UdpTrackerAnswer.TryReadAnnounce(answer, asker.IsV6, out _, out _),
            UdpTrackerAction.Scrape => UdpTrackerAnswer.TryReadScrape(answer, scraped, out _, out _),
            UdpTrackerAction.Error => UdpTrackerAnswer.ReadError(answer).Length > 0,
            _ => UdpTrackerAnswer.TryReadConnect(answer, out _, out _),
        };
        FuzzException.Require(isUnderstood, "an answer is understood");
    }
}

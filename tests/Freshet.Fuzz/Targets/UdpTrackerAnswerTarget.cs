using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Fuzz.Targets;

/// <summary>
/// What UDP trackers send. The first byte says after how many seconds it arrives, and whether it answers the first or the last datagram
/// that was sent; the second byte is the action; the rest follows the answer's transaction id. Whatever arrives, every query ends once.
/// </summary>
internal sealed class UdpTrackerAnswerTarget : IFuzzTarget
{
    private static readonly IPEndPoint[] Servers = [IPEndPoint.Parse("192.0.2.1:6969"), IPEndPoint.Parse("[2001:db8::1]:6969")];
    private static readonly InfoHash Hash = new("aaaaaaaaaaaaaaaaaaaa"u8);

    public string Name => "udp-tracker-answer";

    public IReadOnlyList<byte[]> Words { get; } =
        [[0, 0, 7, 8], [0, 0, 0, 0], [0x80, 0, 0, 0], [0xFF, 0xFF, 0xFF, 0xFF], [127, 0, 0, 1, 0x1A, 0xE1], "Connection ID"u8.ToArray()];

    public IEnumerable<byte[]> Seeds =>
    [
        [0, 0, 1, 2, 3, 4, 5, 6, 7, 8],
        [0, 1, 0, 0, 7, 8, 0, 0, 0, 1, 0, 0, 0, 2, 127, 0, 0, 1, 0x1A, 0xE1],
        [0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3],
        [0, 3, .. Encoding.ASCII.GetBytes("Connection ID missmatch.")],
        [200, 0, 1],
    ];

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.Length < 2)
            return;
        Recorder effects = new();
        UdpTrackerMachine machine = new(effects, new Random(1));
        Timestamp now = new(TimeSpan.TicksPerDay);
        int asked = 0;
        foreach (IPEndPoint server in Servers)
        {
            asked += machine.TryAsk(new UdpTrackerQuery { Server = server, Announce = Request, IsV6 = server == Servers[1] }, now) ? 1 : 0;
            asked += machine.TryAsk(new UdpTrackerQuery { Server = server, Scrape = [Hash, Hash] }, now) ? 1 : 0;
        }

        // The query is connected, so that the answer reaches the code behind the connection.
        foreach ((byte[] datagram, IPEndPoint to) in effects.Sent.ToArray())
            machine.OnDatagram([0, 0, 0, 0, .. datagram.AsSpan(12, 4), 1, 2, 3, 4, 5, 6, 7, 8], to, now);
        for (int i = 0; i < 4; i++)
        {
            now += TimeSpan.FromSeconds(input[0] >> 1);
            if (machine.NextDue <= now)
                machine.OnDeadline(now);
            (byte[] datagram, IPEndPoint to) = effects.Sent[(input[0] & 1) == 0 ? effects.Sent.Count - 1 - (i % effects.Sent.Count) : i];
            machine.OnDatagram([0, 0, 0, input[1], .. datagram.AsSpan(12, 4), .. input[2..]], to, now);
        }

        machine.OnDeadline(now + TimeSpan.FromMinutes(2));
        FuzzException.Require(effects.Ended == asked && machine.Count == 0, "every query ends, once");
        FuzzException.Require(machine.NextDue == Timestamp.Never, "nothing may be due when no query is open");
        FuzzException.Require(effects.Sent.Count <= 40, "only a few datagrams may be sent");
    }

    private static AnnounceRequest Request => new()
    {
        InfoHash = Hash,
        PeerId = new PeerId("-FR0100-abcdefghijkl"u8),
        Port = 1,
        Uploaded = 0,
        Downloaded = 0,
        Left = 0,
    };

    private sealed class Recorder : IUdpTrackerEffects
    {
        public List<(byte[] Datagram, IPEndPoint Server)> Sent { get; } = [];

        public int Ended { get; private set; }

        public void Send(ReadOnlySpan<byte> datagram, IPEndPoint server) => Sent.Add((datagram.ToArray(), server));

        public void OnAnnounced(UdpTrackerQuery query, AnnounceResponse response)
        {
            Ended++;
            FuzzException.Require(
                response.FailureReason is null or { Length: > 0 and <= TrackerLimits.MaxMessageLength }, "a refusal must have a message");
            FuzzException.Require(response.Peers.Count <= TrackerLimits.MaxPeersPerAnnounce, "peers are limited");
            FuzzException.Require(response.Peers.All(peer => peer.EndPoint.Port != 0), "a peer's port is one");
            FuzzException.Require(AnnounceTimes.Interval(response) >= AnnounceTimes.MinInterval, "intervals must be within the limits");
        }

        public void OnScraped(UdpTrackerQuery query, ScrapeResponse response)
        {
            Ended++;
            FuzzException.Require(response.Swarms.Keys.All(hash => hash == Hash), "only what was asked for may be reported");
        }

        public void OnFailed(UdpTrackerQuery query, string reason, bool isSilent)
        {
            Ended++;
            FuzzException.Require(reason.Length > 0, "a failure has words");
        }
    }
}

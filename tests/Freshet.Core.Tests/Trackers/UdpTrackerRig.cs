using System.Buffers.Binary;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Trackers;

/// <summary>A <see cref="UdpTrackerMachine"/> whose datagrams are kept, with a clock that the test advances.</summary>
internal sealed class UdpTrackerRig : IUdpTrackerEffects
{
    public static readonly IPEndPoint Server = new(IPAddress.Parse("192.0.2.1"), 6969);
    public static readonly InfoHash Hash = new("aaaaaaaaaaaaaaaaaaaa"u8);

    private readonly Timestamp _began = new(TimeSpan.TicksPerDay);

    public UdpTrackerRig()
    {
        Machine = new UdpTrackerMachine(this, new Random(1));
        Now = _began;
    }

    public UdpTrackerMachine Machine { get; }

    public Timestamp Now { get; set; }

    public List<(double Second, byte[] Datagram, IPEndPoint Server)> Sent { get; } = [];

    public Dictionary<UdpTrackerQuery, object> Results { get; } = [];

    public static UdpTrackerQuery Announce(IPEndPoint? server = null, AnnounceEvent announceEvent = default, string urlData = "") => new()
    {
        Server = server ?? Server,
        UrlData = urlData,
        IsV6 = server?.Address.ToString().Contains(':', StringComparison.Ordinal) == true,
        Announce = new AnnounceRequest
        {
            InfoHash = Hash,
            PeerId = new PeerId("-FR0100-abcdefghijkl"u8),
            Port = 0x1AE1,
            Uploaded = 3,
            Downloaded = 1,
            Left = 2,
            Event = announceEvent,
            Key = 0xC0FFEE11,
        },
    };

    public static UdpTrackerQuery Scrape(params InfoHash[] hashes) => new() { Server = Server, Scrape = hashes };

    public UdpTrackerQuery Ask(UdpTrackerQuery query)
    {
        Assert.True(Machine.TryAsk(query, Now));
        return query;
    }

    /// <summary>Advances the time, and runs everything that is due in it.</summary>
    public void Pass(double seconds)
    {
        Timestamp end = Now + TimeSpan.FromSeconds(seconds);
        while (Machine.NextDue <= end)
        {
            Now = Timestamp.Max(Now, Machine.NextDue);
            Timestamp before = Machine.NextDue;
            Machine.OnDeadline(Now);
            Assert.True(Machine.NextDue > before, "a deadline that has passed must not come again");
        }

        Now = end;
    }

    /// <summary>Answers the last datagram, with its own action and transaction, and with these bytes.</summary>
    public void Answer(ReadOnlySpan<byte> rest, UdpTrackerAction? action = null, IPEndPoint? from = null) =>
        Answer(Sent[^1].Datagram, rest, action, from ?? Sent[^1].Server);

    public void Answer(byte[] request, ReadOnlySpan<byte> rest, UdpTrackerAction? action, IPEndPoint from)
    {
        byte[] answer = [.. request.AsSpan(8, 8), .. rest];
        if (action is not null)
            BinaryPrimitives.WriteUInt32BigEndian(answer, (uint)action);
        Machine.OnDatagram(answer, from, Now);
    }

    /// <summary>Answers a connect with an id.</summary>
    public void Connect(ulong id = 0x1122334455667788)
    {
        Assert.True(IsConnect(Sent[^1].Datagram));
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, id);
        Answer(bytes);
    }

    public static bool IsConnect(byte[] datagram) =>
        datagram.AsSpan(0, 12).SequenceEqual(Convert.FromHexString("000004172710198000000000"));

    public IEnumerable<double> SecondsOf(Predicate<byte[]> which) => Sent.Where(sent => which(sent.Datagram)).Select(sent => sent.Second);

    void IUdpTrackerEffects.Send(ReadOnlySpan<byte> datagram, IPEndPoint server) =>
        Sent.Add(((Now - _began).TotalSeconds, datagram.ToArray(), server));

    void IUdpTrackerEffects.OnAnnounced(UdpTrackerQuery query, AnnounceResponse response) => Results.Add(query, response);

    void IUdpTrackerEffects.OnScraped(UdpTrackerQuery query, ScrapeResponse response) => Results.Add(query, response);

    void IUdpTrackerEffects.OnFailed(UdpTrackerQuery query, string reason, bool isSilent) => Results.Add(query, (reason, isSilent));
}

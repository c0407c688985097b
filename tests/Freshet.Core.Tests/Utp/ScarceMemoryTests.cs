using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

/// <summary>A connection that wants to send while all memory for packets is in use by others.</summary>
public class ScarceMemoryTests
{
    private const int Packets = 64;
    private static readonly SequenceNumber Ours = new(100);
    private static readonly Timestamp Now = new(TimeSpan.TicksPerDay);

    private readonly PacketPool _pool = new(Packets);
    private readonly List<int> _taken = [];
    private readonly Recorder _peer = new();
    private readonly UtpConnection _connection;

    public ScarceMemoryTests()
    {
        _connection = new UtpConnection(UtpIdentity.OfAcceptor(7), _peer, _peer, _pool, 1_472);
        _connection.Accept(new SequenceNumber(1), Ours);
        byte[] data = new byte[UtpHeader.Length + 1];
        new UtpHeader(UtpPacketType.Data, 8, new SequenceNumber(2), Ours - 1) { Window = 1_000_000 }.Write(data);
        Assert.True(UtpPacket.TryRead(data, out UtpPacket packet));
        _connection.OnPacket(packet, Now);
        while (_pool.TryRent(held: 0, out int taken))
            _taken.Add(taken);
        Assert.Equal(Packets, _taken.Count);
    }

    [Theory]
    [InlineData(1_000, false)]
    [InlineData(0, true)]
    public void It_sends_as_soon_as_there_is_some(int unsent, bool closes)
    {
        _peer.Unsent = unsent;
        if (closes)
            _connection.Close(Now);
        _connection.Flush(Now);
        Assert.DoesNotContain(UtpPacketType.Data, _peer.Sent);
        Assert.DoesNotContain(UtpPacketType.Fin, _peer.Sent);

        // Its machine tries again after a millisecond, however long that takes, and nothing counts as a failure of the peer's.
        Assert.True(_connection.IsBlocked);
        Assert.InRange((_connection.NextDeadline - Now).TotalSeconds, 5, 60);
        _pool.Return(_taken[0]);
        _connection.Flush(Now);
        Assert.Contains(closes ? UtpPacketType.Fin : UtpPacketType.Data, _peer.Sent);
        Assert.False(_connection.IsBlocked);
    }

    [Fact]
    public void With_packets_in_flight_it_waits_for_their_acknowledgements()
    {
        _pool.Return(_taken[0]);
        _peer.Unsent = 100_000;
        _connection.Flush(Now);
        Assert.Single(_peer.Sent, UtpPacketType.Data);
        Assert.False(_connection.IsBlocked);
    }

    private sealed class Recorder : IUtpStream, IUtpLine
    {
        public List<UtpPacketType> Sent { get; } = [];

        public int Unsent { get; set; }

        public int Unread => 0;

        public int MostUnread => 1_000_000;

        public int Take(Span<byte> destination)
        {
            int count = Math.Min(destination.Length, Unsent);
            Unsent -= count;
            return count;
        }

        public bool TrySend(ReadOnlySpan<byte> packet, bool dontFragment)
        {
            Sent.Add(UtpHeader.Read(packet).Type);
            return true;
        }

        public int Reserve(int held, int wanted) => 0;

        public void Release(int bytes)
        {
        }

        public void Deliver(ReadOnlySpan<byte> bytes)
        {
        }

        public void OnConnected()
        {
        }

        public void OnEndOfStream()
        {
        }

        public void OnEnded(UtpEnd end)
        {
        }

        public void OnBatchEnd()
        {
        }
    }
}

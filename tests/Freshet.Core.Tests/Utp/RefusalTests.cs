using Freshet.Core.Rates;
using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class RefusalTests
{
    /// <summary>
    /// libtorrent ignores a reset that acknowledges what it has not sent, such as the number of an ST_STATE, which is that of the next
    /// packet. It is refused so if its dialler has given up before this answer came.
    /// </summary>
    [Theory]
    [InlineData((int)UtpPacketType.State, 100, 99)]
    [InlineData((int)UtpPacketType.State, 0, 65_535)]
    [InlineData((int)UtpPacketType.Data, 100, 100)]
    [InlineData((int)UtpPacketType.Fin, 100, 100)]
    public void A_packet_of_no_connection_is_refused_by_the_number_that_was_sent_last(int type, ushort number, ushort acknowledged)
    {
        Sent sent = new();
        UtpMachine<Address> machine = new(sent, new UtpMachineOptions { MaxConnections = 5, Secret = new byte[32] }, new Random(1));
        byte[] datagram = new byte[UtpHeader.Length];
        new UtpHeader((UtpPacketType)type, 7, new SequenceNumber(number), new SequenceNumber(5)).Write(datagram);
        machine.OnDatagram(datagram, new Address(1), new Timestamp(TimeSpan.TicksPerDay));
        UtpHeader reset = UtpHeader.Read(Assert.Single(sent.Datagrams));
        Assert.Equal(UtpPacketType.Reset, reset.Type);
        Assert.Equal(7, reset.ConnectionId);
        Assert.Equal(acknowledged, reset.Acknowledged.Value);
    }

    private readonly record struct Address(byte Number) : IUtpAddress
    {
        public int LongestPacket => 1_472;

        public void WriteTo(Span<byte> bytes) => bytes[0] = Number;
    }

    private sealed class Sent : IUtpEffects<Address>
    {
        public List<byte[]> Datagrams { get; } = [];

        public bool TrySend(ReadOnlySpan<byte> datagram, Address target, Address? own, bool dontFragment)
        {
            Datagrams.Add(datagram.ToArray());
            return true;
        }

        public IUtpStream? Accept(Address sender) => null;

        public void OnAccepted(IUtpStream stream, UtpConnection connection)
        {
        }
    }
}

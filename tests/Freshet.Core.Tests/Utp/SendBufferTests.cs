using Freshet.Core.Utp;

namespace Freshet.Core.Tests.Utp;

public class SendBufferTests
{
    private readonly SendBuffer _packets = new(new PacketPool(100));

    [Fact]
    public void The_oldest_packet_is_resent_first_however_often_it_was_lost()
    {
        SequenceNumber first = new(65_534);
        Send(first, count: 20);
        for (int i = 0; i < 20; i++)
            _packets.MarkLost(_packets.Oldest);
        Assert.Equal(first, Resend());
        Assert.Equal(first + 1, Resend());

        // With the window of two packets that is left after time-outs, the peer has had neither.
        for (int timeout = 0; timeout < 5; timeout++)
        {
            _packets.MarkLost(_packets.Oldest);
            _packets.MarkLost(_packets.Oldest);
            Assert.Equal(first, Resend());
            Resend();
        }
    }

    [Fact]
    public void Others_are_resent_in_the_order_in_which_they_were_lost()
    {
        SequenceNumber first = new(7);
        Send(first, count: 4);
        _packets.MarkLost(first + 2);
        _packets.MarkLost(first + 1);
        Assert.Equal(first + 2, Resend());
        Assert.Equal(first + 1, Resend());
        Assert.False(_packets.HasLost);
    }

    private void Send(SequenceNumber first, int count)
    {
        _packets.Begin(first);
        for (int i = 0; i < count; i++)
            _packets.Add(memory: i, length: 100, isFin: false);
    }

    private SequenceNumber Resend()
    {
        SequenceNumber number = _packets.FirstLost;
        _packets.Resend();
        return number;
    }
}

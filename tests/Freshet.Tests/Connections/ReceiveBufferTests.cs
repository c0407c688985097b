using Freshet.Connections;

namespace Freshet.Tests.Connections;

public class ReceiveBufferTests
{
    [Fact]
    public void Nothing_is_held_while_nothing_arrives()
    {
        ReceiveBuffer buffer = new();
        Assert.Equal(0, buffer.Size);
        Receive(buffer, [1, 2, 3], needed: 4);
        buffer.Consume(3);
        buffer.Shrink();
        Assert.Equal(0, buffer.Size);
    }

    [Fact]
    public void A_fast_peer_gets_room_up_to_a_bound_and_loses_it_again()
    {
        ReceiveBuffer buffer = new();
        for (int i = 0; i < 20; i++)
        {
            int room = buffer.RoomFor(4, ConnectionLimits.MaxTransferLength);
            Assert.Equal(room, buffer.Reserve(room).Length);
            buffer.Received(room, room);
            buffer.Consume(buffer.Unread.Length);
        }

        Assert.Equal(ConnectionLimits.MaxTransferLength, buffer.Size);
        for (int i = 0; i < 20; i++)
        {
            Receive(buffer, [1], needed: 4);
            buffer.Consume(1);
            buffer.Shrink();
        }

        Assert.InRange(buffer.RoomFor(4, ConnectionLimits.MaxTransferLength), 4, 8 * 1024);
        buffer.Release();
    }

    [Fact]
    public void A_length_that_is_only_announced_takes_no_memory()
    {
        ReceiveBuffer buffer = new();
        Receive(buffer, [0, 16, 0, 2, 20], needed: 4);
        Assert.InRange(buffer.RoomFor(1_048_582, ConnectionLimits.MaxTransferLength), 1, 8 * 1024);
        buffer.Release();
    }

    [Fact]
    public void Under_pressure_a_fast_peer_gets_no_more_than_the_limit_but_every_message_gets_through()
    {
        const int Most = 16_397;
        ReceiveBuffer buffer = new();
        for (int i = 0; i < 20; i++)
        {
            int room = buffer.RoomFor(4, ConnectionLimits.MaxTransferLength);
            buffer.Reserve(room);
            buffer.Received(room, room);
            buffer.Consume(buffer.Unread.Length);
        }

        Assert.Equal(Most, buffer.RoomFor(4, Most));
        for (int unread = 0; unread < 500_000; unread = buffer.Unread.Length)
        {
            int room = buffer.RoomFor(500_000, Most);
            Assert.InRange(room, 1, Math.Max(unread, Most));
            buffer.Reserve(room);
            buffer.Received(room, room);
        }

        Assert.Equal(500_000, buffer.Unread.Length);
        buffer.Release();
    }

    [Fact]
    public void Unread_bytes_survive_growing_shrinking_and_moving()
    {
        ReceiveBuffer buffer = new();
        Random random = new(5);
        byte[] stream = new byte[8 << 20];
        random.NextBytes(stream);
        int received = 0;
        int read = 0;
        while (received < stream.Length)
        {
            int wanted = buffer.Unread.Length + random.Next(1, 300_000);
            Memory<byte> room = buffer.Reserve(buffer.RoomFor(wanted, ConnectionLimits.MaxTransferLength));
            int count = random.Next(3) == 0 ? room.Length : random.Next(1, Math.Min(room.Length, 5_000) + 1);
            count = Math.Min(count, stream.Length - received);
            stream.AsSpan(received, count).CopyTo(room.Span);
            buffer.Received(count, room.Length);
            received += count;
            int consumed = random.Next(4) == 0 ? random.Next(buffer.Unread.Length + 1) : buffer.Unread.Length;
            Assert.True(buffer.Unread.SequenceEqual(stream.AsSpan(read, received - read)));
            buffer.Consume(consumed);
            read += consumed;
            if (random.Next(5) == 0)
                buffer.Shrink();
        }

        buffer.Release();
        Assert.Equal(0, buffer.Size);
    }

    private static void Receive(ReceiveBuffer buffer, byte[] bytes, int needed)
    {
        int room = buffer.RoomFor(needed, ConnectionLimits.MaxTransferLength);
        bytes.CopyTo(buffer.Reserve(room));
        buffer.Received(bytes.Length, room);
    }
}

using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Loops;

namespace Freshet.Tests.Connections;

/// <summary>A connection holds memory only while it has bytes to hold, and little when memory is short.</summary>
public class PeerConnectionMemoryTests
{
    [Fact]
    public async Task A_peer_that_falls_silent_after_it_filled_the_buffer_costs_nothing()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();

        // 4 KiB of keep-alives, which is what a connection receives at first.
        await peers.Far.SendAsync(new byte[4_096]).AsTask().Bounded();
        await Patience.Until(() => peers.Torrent.Messages.Count == 1_024);
        await Patience.Until(() => peers.Connection.ReceiveMemory == 0);
    }

    [Fact]
    public async Task While_the_pool_is_empty_a_fast_peer_holds_little()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync(poolBytes: 4 << 20);
        List<BlockLease> held = [];
        peers.Torrent.OnMessage = message =>
        {
            lock (held)
                held.Add(message.Lease);
        };
        const int Blocks = 400;
        Task sending = Task.Run(
            async () =>
            {
                for (int i = 0; i < Blocks; i++)
                    await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(i), 0, 16_384)));
            },
            TestContext.Current.CancellationToken);
        await Patience.Until(
            () => peers.Torrent.Pool.Rented == peers.Torrent.Pool.Capacity
                && peers.Connection.HeldUp(TimeProvider.System.Now()) > TimeSpan.Zero);
        await Patience.Until(() => peers.Connection.ReceiveMemory <= 64 * 1024);

        // The layer below may hold nothing now; otherwise its limit follows the pool.
        await Patience.Until(() => peers.Near.MostUnread == 0);
        await Patience.Until(() =>
        {
            lock (held)
            {
                held.ForEach(peers.Torrent.Pool.Return);
                held.Clear();
                return peers.Connection.BytesReceived == Blocks * (PeerMessageReader.PieceHeaderLength + 16_384L);
            }
        });
        await sending.Bounded();
        await Patience.Until(() =>
        {
            lock (held)
            {
                held.ForEach(peers.Torrent.Pool.Return);
                held.Clear();
            }

            return peers.Torrent.Pool.Rented == 0;
        });
        await Patience.Until(() => peers.Connection.ReceiveMemory == 0);
        Assert.InRange(peers.Near.MostUnread, 16_384, peers.Torrent.Pool.Capacity * 16_384);
    }

    [Fact]
    public void Payloads_that_wait_for_the_torrent_are_bounded_in_bytes_but_a_single_one_always_has_room()
    {
        Inbox inbox = new();
        PeerMessage large = PeerMessage.Extended(1, new byte[ConnectionLimits.MaxInboxBytes + 1]);
        PeerMessage half = PeerMessage.Extended(1, new byte[ConnectionLimits.MaxInboxBytes / 2]);
        Assert.True(inbox.HasRoomFor(large.Payload.Length));
        Assert.True(inbox.TryAdd(large));
        Assert.False(inbox.HasRoomFor(1));
        Assert.False(inbox.TryAdd(half));
        Assert.True(inbox.TryAdd(PeerMessage.Unchoke));
        Assert.Equal(2, inbox.Take(out bool makesRoom).Length);
        Assert.True(makesRoom);
        Assert.True(inbox.TryAdd(half));
        Assert.True(inbox.TryAdd(half));
        Assert.False(inbox.TryAdd(PeerMessage.Extended(1, new byte[1])));
        Assert.Equal(2, inbox.Take(out _).Length);
    }

    [Fact]
    public async Task Long_payloads_get_through_to_a_busy_torrent()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        using ManualResetEventSlim busy = new();
        Task blocked = peers.Torrent.Do(() => busy.Wait(Patience.Bound));
        PeerMessage[] messages = [.. Enumerable.Range(1, 40).Select(i => PeerMessage.Extended(i, new byte[30_000]))];
        Task sending = peers.SendAsync(messages);
        await Patience.Until(() => peers.Connection.HeldUp(TimeProvider.System.Now()) > TimeSpan.Zero);
        busy.Set();
        await blocked;
        await sending.Bounded();
        await Patience.Until(() => peers.Torrent.Messages.Count == messages.Length);
        Assert.Equal(Enumerable.Range(1, 40), peers.Torrent.Messages.Select(message => message.Number));
    }

    [Fact]
    public async Task Messages_that_were_not_offered_are_ignored()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        await peers.SendAsync(PeerMessage.Extended(200, new byte[30_000]), PeerMessage.Extended(7, new byte[5])).Bounded();
        await Patience.Until(() => !peers.Torrent.Messages.IsEmpty);
        Assert.Equal([7], peers.Torrent.Messages.Select(message => message.Number));
    }
}

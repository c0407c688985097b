using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Tests.Connections;

/// <summary>A connection knows for how long it has not read because of us.</summary>
public class PeerConnectionPauseTests
{
    private static readonly TimeSpan Some = TimeSpan.FromMilliseconds(100);

    // As long as it reads, the pauses do not grow, whatever the time is.
    private static Timestamp MuchLater => TimeProvider.System.Now() + TimeSpan.FromHours(1);

    [Fact]
    public async Task A_peer_that_sends_nothing_is_not_held_up()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(1), 0, 16_384))).AsTask().Bounded();
        await Patience.Until(() => peers.Torrent.Messages.Count == 1);
        Assert.Equal(TimeSpan.Zero, peers.Connection.HeldUp(MuchLater));
    }

    [Fact]
    public async Task An_empty_pool_holds_it_up_until_blocks_are_returned()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync(poolBytes: 1);
        List<BlockLease> held = [];
        peers.Torrent.OnMessage = message => held.Add(message.Lease);
        Task sending = SendAsync(peers, blocks: 65);
        await Patience.Until(() => peers.Connection.HeldUp(TimeProvider.System.Now()) > Some);
        await peers.Torrent.Do(() => peers.Torrent.Pool.Return([.. held]));
        await Patience.Until(() => peers.Connection.HeldUp(MuchLater) < TimeSpan.FromMinutes(30));
        Assert.True(peers.Connection.HeldUp(MuchLater) > Some);
        await sending.Bounded();
        await Patience.Until(() => held.Count == 65);
        await peers.Torrent.Do(() => peers.Torrent.Pool.Return(held[^1]));
    }

    [Fact]
    public async Task A_limit_holds_it_up_until_there_is_room()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Download.SetRate(new DataRate(100_000));
        Task sending = SendAsync(peers, blocks: 20);
        await Patience.Until(() => peers.Connection.HeldUp(TimeProvider.System.Now()) > Some);
        await Patience.Until(() =>
        {
            peers.Time.Advance(TimeSpan.FromMilliseconds(100));
            return peers.Torrent.Messages.Count == 20;
        });
        await Patience.Until(() => peers.Connection.HeldUp(MuchLater) < TimeSpan.FromMinutes(30));
        await sending.Bounded();
    }

    private static Task SendAsync(ConnectedPeers peers, int blocks) => Task.Run(
        async () =>
        {
            for (int i = 0; i < blocks; i++)
                await peers.Far.SendAsync(ConnectedPeers.BlockMessage(new BlockRange(new PieceIndex(i), 0, 16_384)));
        },
        TestContext.Current.CancellationToken);
}

using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Disk;

namespace Freshet.Tests.Connections;

/// <summary>A bug in the handling of messages costs only the connection that caused it.</summary>
public class PeerConnectionFaultTests
{
    [Fact]
    public async Task A_fault_of_its_owner_ends_the_connection_and_the_owner_is_told()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Torrent.MayFault = true;
        peers.Torrent.OnMessage = _ => throw new InvalidOperationException("a bug");
        await peers.SendAsync(PeerMessage.Unchoke);
        (DisconnectReason reason, string? detail) = await peers.Torrent.Closed.Task.Bounded();
        Assert.Equal(DisconnectReason.NetworkError, reason);
        Assert.Contains("a bug", detail, StringComparison.Ordinal);
        Assert.Equal("a bug", Assert.Single(peers.Torrent.Faults).Message);
        await peers.Connection.Ended.Bounded();
    }

    [Fact]
    public async Task A_fault_in_the_last_messages_does_not_swallow_the_end()
    {
        await using ConnectedPeers peers = await ConnectedPeers.StartAsync();
        peers.Torrent.MayFault = true;
        peers.Torrent.OnMessage = _ => throw new InvalidOperationException("a bug");
        using ManualResetEventSlim busy = new();
        Task blocked = peers.Torrent.Do(() => busy.Wait(Patience.Bound));
        await peers.SendAsync(PeerMessage.Unchoke);
        peers.Far.Dispose();
        await peers.Connection.Ended.Bounded();
        busy.Set();
        await blocked;
        Assert.Equal(DisconnectReason.ClosedByPeer, (await peers.Torrent.Closed.Task.Bounded()).Reason);
        Assert.Single(peers.Torrent.Faults);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(3)]
    public void Leases_that_nobody_took_from_a_batch_are_returned(int handled)
    {
        BlockPool pool = new(1);
        BlockShare share = pool.OpenShare();
        List<PeerMessage> batch = [PeerMessage.Unchoke];
        for (int i = 0; i < 3; i++)
        {
            Assert.True(share.TryRent(out BlockLease lease));
            batch.Add(PeerMessage.Block(new BlockRange(new PieceIndex(i), 0, 16_384), lease));
            batch.Add(PeerMessage.Have(new PieceIndex(i)));
        }

        MessageLeases.Return(pool, batch.ToArray(), handled);
        Assert.Equal(handled, pool.Rented);
        foreach (PeerMessage message in batch.Where(message => message.Id == MessageId.Piece).Take(handled))
            pool.Return(message.Lease);
        Assert.Equal(0, pool.Rented);
    }
}

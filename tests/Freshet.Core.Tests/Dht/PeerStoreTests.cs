using Freshet.Core.Dht;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Dht;

public class PeerStoreTests
{
    private static readonly NodeId Hash = DhtRig.IdOf(1);
    private readonly PeerStore _store = new(new Random(1));

    [Fact]
    public void Peers_are_returned_by_family()
    {
        _store.Add(Hash, DhtRig.Address("1.2.3.4:5"), isSeed: false, At(0));
        _store.Add(Hash, DhtRig.Address("[2001:db9::1]:5"), isSeed: false, At(0));
        Assert.Equal([DhtRig.Address("1.2.3.4:5")], Sample(isV6: false, At(1)));
        Assert.Equal([DhtRig.Address("[2001:db9::1]:5")], Sample(isV6: true, At(1)));
    }

    [Fact]
    public void A_peer_expires_unless_it_announces_again()
    {
        _store.Add(Hash, DhtRig.Address("1.2.3.4:5"), isSeed: false, At(0));
        _store.Add(Hash, DhtRig.Address("1.2.3.5:5"), isSeed: false, At(0));
        _store.Add(Hash, DhtRig.Address("1.2.3.4:5"), isSeed: false, At(20));
        Assert.Equal(2, _store.PeerCount);
        Assert.Equal([DhtRig.Address("1.2.3.4:5")], Sample(isV6: false, At(31)));
        _store.Sweep(At(60));
        Assert.Equal((0, 0), (_store.HashCount, _store.PeerCount));
    }

    [Fact]
    public void Nobody_fills_it_from_one_host()
    {
        for (int port = 1; port < 500; port++)
            _store.Add(Hash, DhtRig.Address($"1.2.3.4:{port}"), isSeed: false, At(0));
        Assert.Equal(4, _store.PeerCount);
    }

    [Fact]
    public void Nobody_pushes_all_others_out_from_one_network()
    {
        int others = DhtLimits.MaxDhtPeersPerHash - DhtLimits.MaxDhtPeersPerNetwork;
        for (int i = 0; i < others; i++)
            _store.Add(Hash, DhtRig.Node(i).Address, isSeed: false, At(0));
        for (int i = 0; i < 1_000; i++)
            _store.Add(Hash, DhtRig.Address($"1.2.3.{i / 4}:{1 + (i % 4)}"), isSeed: false, At(1));
        Assert.All(
            Enumerable.Range(0, others), i => Assert.Contains(_store.Peers(Hash, At(1)), peer => peer.Address == DhtRig.Node(i).Address));
    }

    [Fact]
    public void Nobody_fills_it_with_info_hashes_from_one_host()
    {
        for (int i = 0; i < 100; i++)
            _store.Add(DhtRig.IdOf(i), DhtRig.Node(i).Address, isSeed: false, At(0));
        for (int i = 0; i < 3_000; i++)
            _store.Add(DhtRig.IdOf(1_000 + i), DhtRig.Address("1.2.3.4:5"), isSeed: false, At(1));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Single(_store.Peers(DhtRig.IdOf(i), At(1))));

        // Others still have room, and what has expired no longer counts.
        for (int i = 0; i < 100; i++)
            _store.Add(DhtRig.IdOf(5_000 + i), DhtRig.Node(i).Address, isSeed: false, At(2));
        Assert.All(Enumerable.Range(0, 100), i => Assert.Single(_store.Peers(DhtRig.IdOf(i), At(2))));
        _store.Sweep(At(40));
        _store.Add(Hash, DhtRig.Address("1.2.3.4:5"), isSeed: false, At(40));
        Assert.Equal((1, 1), (_store.HashCount, _store.PeerCount));
    }

    [Fact]
    public void It_holds_no_more_than_its_bounds()
    {
        for (int i = 0; i < 2 * DhtLimits.MaxDhtPeersPerHash; i++)
            _store.Add(Hash, DhtRig.Node(i).Address, isSeed: false, At(i / 100.0));
        Assert.Equal(DhtLimits.MaxDhtPeersPerHash, _store.PeerCount);
        for (int i = 0; i < 2 * DhtLimits.MaxDhtStoredHashes; i++)
            _store.Add(DhtRig.IdOf(i), DhtRig.Node(i).Address, isSeed: false, At(5));
        Assert.Equal(DhtLimits.MaxDhtStoredHashes, _store.HashCount);
        Assert.Contains(DhtRig.Node(2 * DhtLimits.MaxDhtPeersPerHash - 1).Address, Sample(isV6: false, At(5)));
    }

    [Fact]
    public void Seeds_are_left_out_if_they_are_not_wanted()
    {
        _store.Add(Hash, DhtRig.Address("1.2.3.4:5"), isSeed: true, At(0));
        _store.Add(Hash, DhtRig.Address("1.2.3.5:5"), isSeed: false, At(0));
        var result = new NodeAddress[10];
        Assert.Equal(1, _store.Sample(Hash, isV6: false, withoutSeeds: true, result, At(1)));
        Assert.Equal(DhtRig.Address("1.2.3.5:5"), result[0]);
    }

    private NodeAddress[] Sample(bool isV6, Timestamp now)
    {
        var result = new NodeAddress[DhtLimits.MaxDhtPeersPerHash];
        return result[.._store.Sample(Hash, isV6, withoutSeeds: false, result, now)];
    }

    private static Timestamp At(double minutes) => new(TimeSpan.FromMinutes(minutes).Ticks);
}

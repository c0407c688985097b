using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;
using Freshet.Core.Wire;
using Freshet.Disk;
using Freshet.Running;

namespace Freshet.Tests.Running;

public class CompetitionTests
{
    private readonly BlockPool _pool = new(4 << 20);
    private readonly List<Exception> _faults = [];
    private readonly Competition _competition;

    public CompetitionTests() => _competition =
        new Competition(
            new SessionLimits { Connections = 100, Dials = 10, Blocks = _pool.Capacity },
            _pool,
            new Alarms(),
            TimeProvider.System,
            _faults.Add);

    [Fact]
    public async Task Memory_is_divided_by_how_much_torrents_use()
    {
        Competitor told = new();
        TorrentKey greedyKey = _competition.Add(told);
        BlockShare greedy = _pool.OpenShare(greedyKey);
        BlockShare modest = _pool.OpenShare(_competition.Add(new Competitor()));
        List<BlockLease> leases = RentAll(greedy);

        // Alone it may have everything.
        _competition.MeasureBlocks();
        _competition.Demand(greedyKey, new TorrentDemand(Dials: 1, UploadSlots: 0, Check: false));
        await told.Allotted.Task.Bounded();
        Assert.Equal((256, 256), (leases.Count, _pool.MostOfOne));

        // Another uses some: the other gets that and a little more, and the rest still belongs to the first.
        for (int i = 0; i < 10; i++)
            Assert.True(modest.TryRent(out _));
        _competition.MeasureBlocks();
        await Patience.Until(() => _pool.MostOfOne == 240);
        Assert.Equal(0, greedy.Room);

        // Both want everything.
        RentAll(modest);
        _competition.MeasureBlocks();
        await Patience.Until(() => _pool.MostOfOne == 128);

        // Nothing is kept for a torrent that is gone, whatever it still holds.
        _competition.Remove(greedyKey);
        await Patience.Until(() => _pool.MostOfOne == 256);
        _pool.Return([.. leases]);
        Assert.Equal(256 - modest.Rented, modest.Room);
        Assert.Empty(_faults);
    }

    private static List<BlockLease> RentAll(BlockShare share)
    {
        List<BlockLease> leases = [];
        while (share.TryRent(out BlockLease lease))
            leases.Add(lease);
        return leases;
    }

    private sealed class Competitor : ICompetitor
    {
        public TaskCompletionSource Allotted { get; } = new();

        public void PostAllotted(Allotment allotment) => Allotted.TrySetResult();

        public void PostMakeRoom()
        {
        }

        public void PostIncoming(ITransport transport, Handshake theirs, bool mustReplace) => transport.Abort();
    }
}

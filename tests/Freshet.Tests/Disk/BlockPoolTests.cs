using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Core.Sessions;
using Freshet.Disk;

namespace Freshet.Tests.Disk;

public class BlockPoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void An_empty_pool_rents_nothing_until_a_block_is_returned()
    {
        BlockPool pool = new(1024 * 1024);
        BlockShare share = pool.OpenShare();
        List<BlockLease> leases = RentAll(share);
        pool.Return(leases[3]);
        Assert.Equal(leases[3], Rent(share));
    }

    [Fact]
    public void Blocks_do_not_overlap()
    {
        BlockPool pool = new(2 * 1024 * 1024);
        List<BlockLease> all = [];
        while (pool.Free > 0)
            all.AddRange(RentAll(pool.OpenShare()));
        Assert.Equal(136, all.Count);
        foreach (BlockLease lease in all)
        {
            Assert.Equal(Limits.BlockLength, pool.MemoryOf(lease).Length);
            pool.MemoryOf(lease).Span.Fill((byte)lease.Slot);
        }

        foreach (BlockLease lease in all)
            Assert.Equal(-1, pool.MemoryOf(lease).Span.IndexOfAnyExcept((byte)lease.Slot));
    }

    [Fact]
    public void A_second_return_is_a_bug_that_is_reported()
    {
        BlockPool pool = new();
        BlockLease lease = Rent(pool.OpenShare());
        pool.Return(lease);
        Assert.Throws<InvalidOperationException>(() => pool.Return(lease));
    }

    [Fact]
    public async Task Those_who_wait_are_served_in_order_and_before_others()
    {
        BlockPool pool = new(1);
        BlockShare share = pool.OpenShare();
        List<BlockLease> leases = RentAll(share);
        Task<BlockLease> first = Wait(share);
        Task<BlockLease> second = Wait(share);
        pool.Return(leases[0]);
        Assert.Equal(leases[0], await first.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(second.IsCompleted);
        Assert.False(share.TryRent(out _));
        pool.Return(leases[1]);
        Assert.Equal(leases[1], await second.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(pool.Capacity, pool.Rented);
    }

    [Fact]
    public async Task A_caller_that_stops_waiting_takes_no_block()
    {
        BlockPool pool = new(1);
        BlockShare share = pool.OpenShare();
        List<BlockLease> leases = RentAll(share);
        using CancellationTokenSource leaves = new();
        Task<BlockLease> waiting = share.RentAsync(leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.False(share.HasWaiters);
        pool.Return([.. leases]);
        Assert.Equal((0, 0), (pool.Rented, share.Rented));
    }

    [Fact]
    public void A_single_torrent_can_hold_everything_and_each_that_begins_later_still_gets_some()
    {
        BlockPool pool = new(16 << 20);
        List<int> held = [];
        for (int i = 0; i < 4; i++)
            held.Add(RentAll(pool.OpenShare()).Count);
        Assert.Equal(pool.Capacity, held[0]);
        Assert.Equal([1024, 61, 3, 0], held);
        Assert.Equal(pool.Total, pool.Rented);
    }

    [Fact]
    public async Task A_torrent_that_holds_more_than_its_share_gets_no_block_until_it_holds_less()
    {
        BlockPool pool = new(2 << 20);
        BlockShare share = pool.OpenShare();
        List<BlockLease> leases = RentAll(share);
        pool.MostOfOne = 100;
        Task<BlockLease> waiting = Wait(share);
        pool.Return([.. leases[..28]]);
        Assert.Equal(100, share.Rented);
        Assert.False(waiting.IsCompleted);
        Assert.True(share.IsLow);
        pool.Return(leases[28]);
        await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((100, 0), (share.Rented, share.Room));
    }

    [Fact]
    public async Task A_torrent_below_its_share_need_not_wait_until_a_block_is_returned()
    {
        BlockPool pool = new(2 << 20) { MostOfOne = 1 };
        BlockShare share = pool.OpenShare();
        Rent(share);
        Task<BlockLease> waiting = Wait(share);
        Assert.False(waiting.IsCompleted);
        pool.MostOfOne = 2;
        await waiting.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Torrents_that_wait_are_served_in_turn_however_many_callers_wait_for_each()
    {
        BlockPool pool = new(1);
        List<BlockLease> leases = [];
        while (pool.Free > 0)
            leases.AddRange(RentAll(pool.OpenShare()));
        BlockShare many = pool.OpenShare();
        BlockShare few = pool.OpenShare();
        Task<BlockLease>[] waitingForMany = [.. Enumerable.Range(0, 20).Select(_ => Wait(many))];
        Task<BlockLease>[] waitingForFew = [.. Enumerable.Range(0, 3).Select(_ => Wait(few))];
        for (int i = 0; i < 6; i++)
            pool.Return(leases[i]);
        await Task.WhenAll(waitingForFew).WaitAsync(Patience, TestContext.Current.CancellationToken);
        await Task.WhenAll(waitingForMany[..3]).WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal((3, 3), (many.Rented, few.Rented));
    }

    [Fact]
    public void A_torrents_share_is_reported_seldom_and_never_once_it_rests()
    {
        BlockPool pool = new(4 << 20);
        BlockShare share = pool.OpenShare(new TorrentKey(7));
        List<BlockLease> leases = [.. Enumerable.Range(0, 20).Select(_ => Rent(share))];
        Assert.Equal([(new TorrentKey(7), 32)], pool.MeasureWants());
        leases.Add(Rent(share));
        Assert.Empty(pool.MeasureWants());
        leases.AddRange(RentAll(share));
        Assert.Equal([(new TorrentKey(7), pool.Capacity)], pool.MeasureWants());

        // A burst counts for a round of beats and at most one more, and then the torrent is not looked at any more.
        pool.Return([.. leases]);
        List<(TorrentKey Torrent, int Blocks)> news = [];
        for (int beat = 0; beat < 3 * DiskLimits.BeatsPerBlockRound; beat++)
            news.AddRange(pool.MeasureWants());
        Assert.Equal([(new TorrentKey(7), 0)], news);
        Assert.False(share.IsInUse);
    }

    [Fact]
    public void Whatever_is_rented_and_returned_nobody_has_more_than_its_share()
    {
        for (int run = 0; run < 50; run++)
        {
            int seed = Random.Shared.Next();
            Exception? failure = Record.Exception(() => RentAndReturn(new Random(seed)));
            Assert.True(failure is null, $"Seed {seed}: {failure}");
        }
    }

    private static void RentAndReturn(Random random)
    {
        BlockPool pool = new(1 << 20);
        BlockShare[] shares = [.. Enumerable.Range(0, 5).Select(_ => pool.OpenShare())];
        List<(BlockShare Share, BlockLease Lease)> held = [];
        for (int step = 0; step < 400; step++)
        {
            BlockShare share = shares[random.Next(5)];
            switch (random.Next(5))
            {
                case 0:
                    pool.MostOfOne = random.Next(1, 65);
                    break;
                case 1 when held.Count > 0:
                    int place = random.Next(held.Count);
                    pool.Return(held[place].Lease);
                    held.RemoveAt(place);
                    break;
                default:
                    bool mayHave = share.Rented < pool.MostOfOne && share.Rented < DiskLimits.BlockReserve * pool.Free;
                    Assert.Equal(mayHave, share.TryRent(out BlockLease lease));
                    if (mayHave)
                        held.Add((share, lease));
                    break;
            }

            Assert.Equal((held.Count, pool.Total - held.Count), (pool.Rented, pool.Free));
            Assert.All(shares, each => Assert.Equal(held.Count(one => one.Share == each), each.Rented));
            Assert.Equal(held.Count, held.Select(one => one.Lease).Distinct().Count());
        }
    }

    private static Task<BlockLease> Wait(BlockShare share) => share.RentAsync(CancellationToken.None).AsTask();

    private static List<BlockLease> RentAll(BlockShare share)
    {
        List<BlockLease> leases = [];
        while (share.TryRent(out BlockLease lease))
            leases.Add(lease);
        return leases;
    }

    private static BlockLease Rent(BlockShare share)
    {
        Assert.True(share.TryRent(out BlockLease lease));
        return lease;
    }
}

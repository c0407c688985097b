using Freshet.Core;
using Freshet.Core.Pieces;
using Freshet.Disk;

namespace Freshet.Tests.Disk;

public class BlockPoolTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public void A_dry_pool_rents_nothing_until_a_block_comes_back()
    {
        BlockPool pool = new(1024 * 1024);
        BlockLease[] leases = [.. Enumerable.Range(0, pool.Capacity).Select(_ => Rent(pool))];
        Assert.False(pool.TryRent(out _));
        pool.Return(leases[3]);
        Assert.Equal(leases[3], Rent(pool));
    }

    [Fact]
    public void Blocks_do_not_overlap()
    {
        BlockPool pool = new(2 * 1024 * 1024);
        for (int i = 0; i < pool.Capacity; i++)
        {
            Memory<byte> memory = pool.MemoryOf(Rent(pool));
            Assert.Equal(Limits.BlockLength, memory.Length);
            memory.Span.Fill((byte)i);
        }

        for (int i = 0; i < pool.Capacity; i++)
            Assert.Equal(-1, pool.MemoryOf(new BlockLease(i)).Span.IndexOfAnyExcept((byte)i));
    }

    [Fact]
    public void A_second_return_is_a_bug_that_is_told()
    {
        BlockPool pool = new();
        BlockLease lease = Rent(pool);
        pool.Return(lease);
        Assert.Throws<InvalidOperationException>(() => pool.Return(lease));
    }

    [Fact]
    public async Task Who_waits_is_served_in_order_and_before_others()
    {
        BlockPool pool = new(1);
        BlockLease[] leases = [.. Enumerable.Range(0, pool.Capacity).Select(_ => Rent(pool))];
        CancellationToken never = CancellationToken.None;
        Task<BlockLease> first = pool.RentAsync(never).AsTask();
        Task<BlockLease> second = pool.RentAsync(never).AsTask();
        pool.Return(leases[0]);
        Assert.Equal(leases[0], await first.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.False(second.IsCompleted);
        Assert.False(pool.TryRent(out _));
        pool.Return(leases[1]);
        Assert.Equal(leases[1], await second.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(pool.Capacity, pool.Rented);
    }

    [Fact]
    public async Task Who_stops_waiting_takes_no_block()
    {
        BlockPool pool = new(1);
        BlockLease[] leases = [.. Enumerable.Range(0, pool.Capacity).Select(_ => Rent(pool))];
        using CancellationTokenSource leaves = new();
        Task<BlockLease> waiting = pool.RentAsync(leaves.Token).AsTask();
        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Array.ForEach(leases, pool.Return);
        Assert.Equal(0, pool.Rented);
    }

    private static BlockLease Rent(BlockPool pool)
    {
        Assert.True(pool.TryRent(out BlockLease lease));
        return lease;
    }
}

using Freshet.Core.Pieces;
using Freshet.Disk.Files;

namespace Freshet.Tests.Disk;

[CollectionDefinition(nameof(DiskAllocationTests), DisableParallelization = true)]
[Collection(nameof(DiskAllocationTests))]
public class DiskAllocationTests
{
    [Fact]
    public async Task A_block_on_its_way_to_disk_allocates_nothing()
    {
        using TemporaryFolder folder = new();
        using FileHandles handles = new();
        FileStorage storage = FileStorageTests.Create(folder.Path, handles, 1 << 20, ("file", 32 << 20));
        await using DiskBench bench = new(32 << 20, 1 << 20, storage, workers: 1, poolBytes: 8 << 20);
        BlockRef[] blocks = [.. bench.AllBlocks];

        // The first rounds fill queues and spare buffers.
        for (int round = 0; round < 3; round++)
            await SendOnce(bench, blocks);
        long least = long.MaxValue;
        for (int round = 0; round < 8; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            SendSynchronously(bench, blocks);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.Empty(bench.Failures);

        // The count is that of the whole process, whose timers and runtime allocate a little now and then. The smallest object has 24
        // bytes, so less than a byte per block means that no block allocates.
        Assert.True(least < blocks.Length, $"{least} bytes for {blocks.Length} blocks");
    }

    private static async Task SendOnce(DiskBench bench, BlockRef[] blocks)
    {
        SendSynchronously(bench, blocks);
        await bench.Until(() => bench.Hashed.Count == 32 && bench.Pool.Rented == 0);
    }

    private static void SendSynchronously(DiskBench bench, BlockRef[] blocks)
    {
        SpinWait wait = default;
        foreach (BlockRef block in blocks)
        {
            BlockLease lease;
            while (!bench.Torrent.Blocks.TryRent(out lease))
                wait.SpinOnce(sleep1Threshold: -1);
            bench.Fill(block, lease);
            bench.Torrent.WriteBlock(block, lease);
        }

        while (bench.Pool.Rented > 0)
            wait.SpinOnce(sleep1Threshold: -1);
    }
}

using System.Diagnostics;
using Freshet.Connections;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Disk;
using Freshet.Loops;

namespace Freshet.Tests.Connections;

/// <summary>Run alone, since what others allocate would be counted too.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public class Alone;

[Collection(nameof(Alone))]
public class PeerConnectionAllocationTests
{
    private const int Blocks = 20_000;
    private const int OutstandingRequests = 200;

    // The cost of a round itself: its task and awaits, and a segment of a queue. A block's share of it is a fraction of a byte.
    private const int MostBytes = 5_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_and_blocks_allocate_nothing_on_their_way(bool isEncrypted)
    {
        using LoopbackPair pair = await LoopbackPair.ConnectAsync();
        (ITransport near, ITransport far) = isEncrypted ? await EncryptedPair.EncryptAsync(pair) : (pair.Near, pair.Far);
        using RateLimit unlimited = new();
        BlockPool pool = new();
        Seed seed = new();
        Leech leech = new(pool);
        PeerConnectionServices services = new(pool.OpenShare(), new InstantReader(), unlimited, unlimited, TimeProvider.System);
        PeerConnection upload = new(new PeerKey(1), near, seed, services, PeerMessageLimits.For(1_000));
        PeerConnection download = new(new PeerKey(2), far, leech, services, PeerMessageLimits.For(1_000));
        upload.Start();
        download.Start();
        await leech.DownloadAsync(download, Blocks);

        // The least of several rounds: the runtime itself allocates now and then, as buffers and queues grow to their size.
        long least = long.MaxValue;
        for (int round = 0; round < 20 && least > MostBytes; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long began = Stopwatch.GetTimestamp();
            await leech.DownloadAsync(download, Blocks);
            long allocated = GC.GetTotalAllocatedBytes(precise: true) - before;
            TestContext.Current.TestOutputHelper?.WriteLine(
                $"{allocated} bytes allocated; {Blocks / Stopwatch.GetElapsedTime(began).TotalSeconds / 64:0} MiB/s, "
                + $"{(Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Blocks:0.0} µs CPU a block, both ends");
            least = Math.Min(least, allocated);
        }

        upload.Stop(DisconnectReason.TorrentStopped, null);
        download.Stop(DisconnectReason.TorrentStopped, null);
        await Task.WhenAll(upload.Ended, download.Ended).Bounded();
        Assert.Equal(0, pool.Rented);

        Assert.InRange(least, 0, MostBytes);
    }

    /// <summary>Reads nothing, and completes at once.</summary>
    private sealed class InstantReader : IBlockReader
    {
        public ValueTask<BlockReadResult> ReadAsync(ReadOnlyMemory<BlockSlot> slots, Memory<byte> buffer) =>
            ValueTask.FromResult(new BlockReadResult(slots.Length, null));
    }

    /// <summary>Sends what is requested.</summary>
    private sealed class Seed : IPeerConnectionOwner
    {
        private readonly EventLoop _loop = new(e => Assert.Fail(e.ToString()));

        public void Post(PeerConnection connection) => _loop.Post(connection);

        public void OnMessages(PeerConnection connection, ReadOnlySpan<PeerMessage> messages)
        {
            foreach (ref readonly PeerMessage message in messages)
                connection.SendBlock(message.Range);
            connection.Flush();
        }

        public void OnUploaded(PeerConnection connection, BlockRange block)
        {
        }

        public void OnReadFailed(PeerConnection connection, BlockRange block, string error)
        {
        }

        public void OnClosed(PeerConnection connection, DisconnectReason reason, string? detail)
        {
        }
    }

    /// <summary>Requests blocks, this many at a time, and returns each at once.</summary>
    private sealed class Leech(BlockPool pool) : IPeerConnectionOwner
    {
        private readonly EventLoop _loop = new(e => Assert.Fail(e.ToString()));
        private TaskCompletionSource _done = new();
        private int _toAsk;
        private int _toGet;

        public Task DownloadAsync(PeerConnection connection, int blocks)
        {
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _loop.Post(() =>
            {
                _toAsk = _toGet = blocks;
                Ask(connection, OutstandingRequests);
            });
            return _done.Task.Bounded();
        }

        public void Post(PeerConnection connection) => _loop.Post(connection);

        public void OnMessages(PeerConnection connection, ReadOnlySpan<PeerMessage> messages)
        {
            foreach (ref readonly PeerMessage message in messages)
                pool.Return(message.Lease);
            Ask(connection, messages.Length);
            _toGet -= messages.Length;
            if (_toGet == 0)
                _done.SetResult();
        }

        public void OnUploaded(PeerConnection connection, BlockRange block)
        {
        }

        public void OnReadFailed(PeerConnection connection, BlockRange block, string error)
        {
        }

        public void OnClosed(PeerConnection connection, DisconnectReason reason, string? detail)
        {
        }

        private void Ask(PeerConnection connection, int count)
        {
            for (int i = Math.Min(count, _toAsk); i > 0; i--)
                connection.Send(PeerMessage.Request(new BlockRange(new PieceIndex(--_toAsk % 1_000), 0, Limits.BlockLength)));
            connection.Flush();
        }
    }
}

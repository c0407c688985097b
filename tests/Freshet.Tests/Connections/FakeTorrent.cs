using System.Collections.Concurrent;
using Freshet.Connections;
using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Wire;
using Freshet.Disk;
using Freshet.Loops;

namespace Freshet.Tests.Connections;

/// <summary>An owner that records what it is told, keeps leases until it is asked to return them, and checks where it is called.</summary>
internal sealed class FakeTorrent : IPeerConnectionOwner
{
    private readonly EventLoop _loop;
    private readonly ConcurrentQueue<Exception> _faults = new();

    public FakeTorrent(BlockPool pool)
    {
        Pool = pool;
        Blocks = pool.OpenShare();
        _loop = new EventLoop(_faults.Enqueue);
    }

    public BlockPool Pool { get; }

    public BlockShare Blocks { get; }

    public ConcurrentQueue<PeerMessage> Messages { get; } = new();

    public ConcurrentQueue<BlockRange> Uploaded { get; } = new();

    public ConcurrentQueue<(BlockRange Block, string Error)> Failed { get; } = new();

    public TaskCompletionSource<(DisconnectReason Reason, string? Detail)> Closed { get; } = new(
        TaskCreationOptions.RunContinuationsAsynchronously);

    public int LargestBatch { get; private set; }

    public int Batches { get; private set; }

    /// <summary>What to do with each message, on the loop; by default it is kept, and the lease of a block is returned.</summary>
    public Action<PeerMessage>? OnMessage { get; set; }

    /// <summary>Exceptions that escaped on the loop.</summary>
    public IReadOnlyCollection<Exception> Faults => _faults;

    /// <summary>Whether the test causes such exceptions itself.</summary>
    public bool MayFault { get; set; }

    public void AssertNoFaults() => Assert.True(MayFault || _faults.IsEmpty, string.Join('\n', _faults));

    /// <summary>Runs something on the torrent's loop.</summary>
    public Task Do(Action action)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _loop.Post(() =>
        {
            action();
            done.SetResult();
        });
        return done.Task.Bounded();
    }

    public void Post(PeerConnection connection) => _loop.Post(connection);

    public void OnMessages(PeerConnection connection, ReadOnlySpan<PeerMessage> messages)
    {
        _loop.AssertCurrent();
        Assert.False(Closed.Task.IsCompleted);
        Batches++;
        LargestBatch = Math.Max(LargestBatch, messages.Length);
        foreach (PeerMessage message in messages)
        {
            if (OnMessage is not null)
            {
                OnMessage(message);
                continue;
            }

            if (message.Id == MessageId.Piece)
            {
                Assert.True(PatternReader.IsPattern(message.Range, Pool.MemoryOf(message.Lease).Span));
                Pool.Return(message.Lease);
            }

            Messages.Enqueue(message);
        }
    }

    public void OnUploaded(PeerConnection connection, BlockRange block)
    {
        _loop.AssertCurrent();
        Uploaded.Enqueue(block);
    }

    public void OnReadFailed(PeerConnection connection, BlockRange block, string error)
    {
        _loop.AssertCurrent();
        Failed.Enqueue((block, error));
    }

    public void OnClosed(PeerConnection connection, DisconnectReason reason, string? detail)
    {
        _loop.AssertCurrent();
        Closed.SetResult((reason, detail));
    }
}

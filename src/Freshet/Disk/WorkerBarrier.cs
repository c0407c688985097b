using System.Collections.Immutable;

using Freshet.Core.Pieces;

namespace Freshet.Disk;

/// <summary>Something that every worker does once for a torrent; completes when the last one has.</summary>
internal sealed class WorkerBarrier(int workers)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<ImmutableArray<PartialPiece>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ImmutableArray<PartialPiece>.Builder _partial = ImmutableArray.CreateBuilder<PartialPiece>();
    private int _left = workers;

    /// <summary>The unfinished pieces reported by the workers.</summary>
    public Task<ImmutableArray<PartialPiece>> Completion => _done.Task;

    public void Add(PartialPiece piece)
    {
        lock (_lock)
            _partial.Add(piece);
    }

    /// <summary>Called once by each worker.</summary>
    public void Arrive()
    {
        lock (_lock)
        {
            if (--_left > 0)
                return;
        }

        _done.SetResult(_partial.ToImmutable());
    }
}

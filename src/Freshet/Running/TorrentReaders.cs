using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// The readers of a torrent's files, complete or not. Each reports its position and waits for the piece there, which the machine gives a
/// deadline. Only the torrent's loop knows what they wait for.
/// </summary>
internal sealed class TorrentReaders(TorrentActor actor, Func<TorrentStore?> store)
{
    private readonly List<Waiter> _waiters = [];
    private int _lastKey;
    private bool _isClosed;

    /// <summary>A new reader.</summary>
    public ReaderKey Open() => new(Interlocked.Increment(ref _lastKey));

    /// <summary>Reports a reader's position, and waits until the piece there is verified.</summary>
    /// <param name="reader">The reader.</param>
    /// <param name="offset">The offset in the torrent that is read next.</param>
    /// <param name="end">The offset in the torrent where the file ends.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="IOException">The piece will not arrive: the torrent has failed or was removed.</exception>
    public async Task WaitAsync(ReaderKey reader, long offset, long end, CancellationToken cancellationToken)
    {
        Waiter waiter = new(actor.Metainfo!.Layout.PieceAt(offset));
        CancellationTokenRegistration registration = cancellationToken.UnsafeRegister(
            static (state, token) => ((Waiter)state!).TrySetCanceled(token), waiter);
        await using (registration.ConfigureAwait(false))
        {
            actor.Post(now => Begin(waiter, reader, offset, end, now));
            await waiter.Task.ConfigureAwait(false);
        }
    }

    /// <summary>Removes a reader.</summary>
    public void Close(ReaderKey reader) => actor.Post(now => actor.Machine.EndReader(reader, now));

    /// <summary>For one reader: reads bytes of verified pieces.</summary>
    public IBlockReader OpenBlocks() => new DiskBlockReader(() => store()!.Disk);

    /// <summary>On the loop: a piece was verified, or the torrent's phase changed.</summary>
    public void OnFact(TorrentFact fact)
    {
        if (_waiters.Count == 0)
            return;
        switch (fact)
        {
            case TorrentFact.PieceVerified verified:
                Complete(waiter => waiter.Piece == verified.Piece);
                break;
            case TorrentFact.PhaseChanged { Phase: TorrentPhase.Failed failed }:
                Fail(failed.Reason);
                break;
            case TorrentFact.PhaseChanged:
                Complete(waiter => actor.Machine.Have[waiter.Piece]);
                break;
        }
    }

    /// <summary>Fails all waiting readers: the torrent is closed.</summary>
    public void CloseAll() => actor.Post(_ =>
    {
        _isClosed = true;
        Fail("The torrent was removed, or its session has ended.");
    });

    private void Begin(Waiter waiter, ReaderKey reader, long offset, long end, Timestamp now)
    {
        _waiters.RemoveAll(static other => other.Task.IsCompleted);
        if (waiter.Task.IsCompleted)
            return;
        _waiters.Add(waiter);
        if (_isClosed)
            Fail("The torrent was removed, or its session has ended.");
        else if (actor.Machine.Phase is TorrentPhase.Failed failed)
            Fail(failed.Reason);
        actor.Machine.MoveReader(reader, offset, end, now);
        Complete(waiting => actor.Machine.Have[waiting.Piece]);
    }

    private void Complete(Predicate<Waiter> isThere)
    {
        foreach (Waiter waiter in _waiters)
        {
            if (isThere(waiter))
                waiter.TrySetResult();
        }

        _waiters.RemoveAll(static waiter => waiter.Task.IsCompleted);
    }

    private void Fail(string reason)
    {
        foreach (Waiter waiter in _waiters)
            waiter.TrySetException(new IOException(reason));
        _waiters.Clear();
    }

    private sealed class Waiter(PieceIndex piece) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public PieceIndex Piece => piece;
    }
}

using Freshet.Connections;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>
/// Those who read a torrent's files, finished or not. Each says where it is and waits for the piece there; the machine sees to it that it
/// comes soon. What they wait for is known to the torrent's loop alone.
/// </summary>
internal sealed class TorrentReaders(TorrentActor actor, Func<TorrentStore?> store)
{
    private readonly List<Waiter> _waiters = [];
    private DiskBlockReader? _blocks;
    private int _lastKey;
    private bool _isClosed;

    /// <summary>A new reader.</summary>
    public ReaderKey Open() => new(Interlocked.Increment(ref _lastKey));

    /// <summary>Says where a reader is, and waits until the piece there is verified.</summary>
    /// <param name="reader">Who reads.</param>
    /// <param name="offset">The torrent's byte that is read next.</param>
    /// <param name="end">The torrent's byte behind the file.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IOException">It will not come: the torrent has failed or is gone.</exception>
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

    /// <summary>A reader is gone.</summary>
    public void Close(ReaderKey reader) => actor.Post(now => actor.Machine.EndReader(reader, now));

    /// <summary>Reads bytes of a piece that is verified.</summary>
    /// <exception cref="IOException">The disk does not give them.</exception>
    public async ValueTask ReadAsync(BlockRange range, Memory<byte> into)
    {
        _blocks ??= new DiskBlockReader(() => store()!.Disk);
        BlockReadResult result = await _blocks.ReadAsync(new[] { new BlockSlot(range, 0) }, into).ConfigureAwait(false);
        if (result.Error is { } error)
            throw new IOException(error);
    }

    /// <summary>On the loop: a piece came, or the torrent is about something else.</summary>
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

    /// <summary>The torrent is closed: nothing comes any more.</summary>
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

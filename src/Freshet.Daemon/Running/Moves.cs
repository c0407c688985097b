using System.Collections.Concurrent;
using Freshet.Api;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>The moves of files in progress, one per torrent: their progress, and a way to cancel them.</summary>
internal sealed class Moves(CancellationToken stopping)
{
    private readonly ConcurrentDictionary<Torrent, UnderWay> _moves = [];

    /// <summary>The progress of a torrent's move; null if there is none. The same object until there is progress.</summary>
    public MoveItem? Of(Torrent torrent) => _moves.GetValueOrDefault(torrent)?.Item;

    /// <summary>Moves the files of a torrent.</summary>
    /// <exception cref="ApiException">The files are being moved already, or the move was cancelled.</exception>
    public Task RunAsync(Torrent torrent, string folder) =>
        RunAsync(torrent, folder, (progress, token) => torrent.MoveAsync(folder, progress, token));

    /// <summary>The same, with a given move.</summary>
    internal async Task RunAsync(Torrent torrent, string folder, Func<IProgress<MoveProgress>, CancellationToken, Task> move)
    {
        using UnderWay underWay = new(folder, stopping);
        if (!_moves.TryAdd(torrent, underWay))
            throw new ApiException(409, "moving", "Its files are being moved already. Wait, or cancel that.");
        try
        {
            await move(underWay, underWay.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (underWay.IsCancelled && !stopping.IsCancellationRequested)
        {
            throw new ApiException(409, "cancelled", "The move was cancelled; its files are where they were.");
        }
        finally
        {
            _moves.TryRemove(torrent, out _);
        }
    }

    /// <summary>Cancels a torrent's move and undoes what was done; false if there is none.</summary>
    public bool TryCancel(Torrent torrent)
    {
        if (!_moves.TryGetValue(torrent, out UnderWay? underWay))
            return false;
        underWay.Cancel();
        return true;
    }

    private sealed class UnderWay(string folder, CancellationToken stopping) : IProgress<MoveProgress>, IDisposable
    {
        private readonly Lock _lock = new();
        private readonly CancellationTokenSource _ending = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        private MoveItem _item = new() { Folder = folder, Done = 0, Total = 0 };
        private bool _isOver;

        public MoveItem Item => Volatile.Read(ref _item);

        public CancellationToken Token => _ending.Token;

        public bool IsCancelled { get; private set; }

        public void Report(MoveProgress value) =>
            Volatile.Write(ref _item, new MoveItem { Folder = folder, Done = value.Moved.Bytes, Total = value.Total.Bytes });

        public void Cancel()
        {
            lock (_lock)
            {
                // It may have ended since it was looked up.
                if (_isOver)
                    return;
                IsCancelled = true;
                _ending.Cancel();
            }
        }

        public void Dispose()
        {
            lock (_lock)
                _isOver = true;
            _ending.Dispose();
        }
    }
}

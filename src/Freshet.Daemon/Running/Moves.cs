using System.Collections.Concurrent;
using Freshet.Api;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>The moves of files that are under way, one for each torrent: how far they are, and a way to end them.</summary>
internal sealed class Moves(CancellationToken stopping)
{
    private readonly ConcurrentDictionary<Torrent, UnderWay> _moves = [];

    /// <summary>How far a torrent's move is; null if it is not moved. The same object until there is something new.</summary>
    public MoveItem? Of(Torrent torrent) => _moves.GetValueOrDefault(torrent)?.Item;

    /// <summary>Moves the files of a torrent.</summary>
    /// <exception cref="ApiException">They are being moved already, or somebody ended it.</exception>
    public Task RunAsync(Torrent torrent, string folder) =>
        RunAsync(torrent, folder, (progress, token) => torrent.MoveAsync(folder, progress, token));

    /// <summary>As the other, with what is done given.</summary>
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

    /// <summary>Ends a torrent's move, which takes back what was done; false if there is none.</summary>
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

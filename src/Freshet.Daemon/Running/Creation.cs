using Freshet.Api;

namespace Freshet.Daemon.Running;

/// <summary>The creation of a torrent, in progress or finished.</summary>
internal sealed class Creation : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _cancellation;
    private CreationItem _item;

    public Creation(int number, string id, string path, CancellationToken stopping)
    {
        Number = number;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Cancelled = _cancellation.Token;
        _item = new CreationItem
        {
            Id = id,
            Path = path,
            State = CreationStateCode.Running,
            Done = 0,
            Total = 0,
            Hash = null,
            Error = null,
            Warnings = [],
        };
    }

    public int Number { get; }

    public CreationItem Item => Volatile.Read(ref _item);

    /// <summary>The .torrent, once it is created.</summary>
    public ReadOnlyMemory<byte>? Torrent { get; private set; }

    public CancellationToken Cancelled { get; }

    public void Cancel()
    {
        lock (_lock)
        {
            if (_item.State == CreationStateCode.Running)
                _cancellation.Cancel();
        }
    }

    /// <summary>Called from several threads, in no particular order.</summary>
    public void Report(CreationProgress at)
    {
        lock (_lock)
        {
            if (at.Done.Bytes > _item.Done)
                _item = _item with { Done = at.Done.Bytes, Total = at.Total.Bytes };
        }
    }

    public void Finish(CreatedTorrent created, string hash)
    {
        lock (_lock)
        {
            Torrent = created.Bytes;
            _item = _item with { State = CreationStateCode.Done, Done = _item.Total, Hash = hash, Warnings = created.Warnings };
        }
    }

    public void End(CreationStateCode state, string? error)
    {
        lock (_lock)
            _item = _item with { State = state, Error = error };
    }

    /// <summary>Called at the end, when there is nothing left to cancel.</summary>
    public void Dispose()
    {
        lock (_lock)
            _cancellation.Dispose();
    }
}

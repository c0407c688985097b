using Freshet.Api;

namespace Freshet.Daemon.Endpoints;

/// <summary>Counts what became of the torrents of a request until it is answered. Thread-safe.</summary>
internal sealed class BulkTally(int total)
{
    private readonly Lock _lock = new();
    private readonly List<BulkFailure> _failures = [];
    private int _done;
    private bool _isClosed;

    public void OnDone()
    {
        lock (_lock)
            _done++;
    }

    /// <summary>Counts a failure; false if the request was answered before.</summary>
    public bool TryFail(BulkFailure failure)
    {
        lock (_lock)
        {
            if (!_isClosed)
                _failures.Add(failure);
            return !_isClosed;
        }
    }

    /// <summary>The answer; whatever is neither done nor failed continues.</summary>
    public BulkResult Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return new BulkResult { Done = _done, Pending = total - _done - _failures.Count, Failures = [.. _failures] };
        }
    }
}

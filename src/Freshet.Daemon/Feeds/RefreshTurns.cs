namespace Freshet.Daemon.Feeds;

/// <summary>
/// Runs passes over the torrents, one at a time. Whoever asks waits for a pass that began after that, and all who ask while one is running
/// share the next: however many changes are made at once, they cost two passes, and none of them blocks a thread.
/// </summary>
internal sealed class RefreshTurns(Action<IReadOnlySet<Torrent>?> refresh)
{
    private readonly Lock _lock = new();
    private Pass? _waiting;
    private bool _isRunning;

    /// <summary>Completes after a pass over this torrent, or over all if it is null.</summary>
    public Task RunAsync(Torrent? only)
    {
        Pass pass;
        lock (_lock)
        {
            pass = _waiting ??= new Pass();
            pass.Add(only);
            if (_isRunning)
                return pass.Done.Task;
            _isRunning = true;
        }

        RunNext();
        return pass.Done.Task;
    }

    private void RunNext()
    {
        Pass pass;
        lock (_lock)
        {
            pass = _waiting!;
            _waiting = null;
        }

        try
        {
            refresh(pass.Torrents);
            pass.Done.SetResult();
        }
#pragma warning disable CA1031 // It is thrown where the pass is awaited.
        catch (Exception e)
#pragma warning restore CA1031
        {
            pass.Done.SetException(e);
        }

        lock (_lock)
        {
            if (_waiting is null)
            {
                _isRunning = false;
                return;
            }
        }

        // On another thread: nobody's request runs the passes of all that come after it.
        ThreadPool.UnsafeQueueUserWorkItem(static turns => turns.RunNext(), this, preferLocal: false);
    }

    private sealed class Pass
    {
        private HashSet<Torrent>? _torrents = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The torrents that it is about; null for all.</summary>
        public IReadOnlySet<Torrent>? Torrents => _torrents;

        public void Add(Torrent? only)
        {
            if (only is null)
                _torrents = null;
            else
                _torrents?.Add(only);
        }
    }
}

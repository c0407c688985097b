using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>
/// Looks at disks for requests. A disk that does not respond holds up one thread and no other disk; who asks for it is refused after a
/// while, and at once if it has been silent for that long already.
/// </summary>
/// <param name="patience">How long a request waits.</param>
internal sealed class DiskLooks(TimeSpan patience)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Disk> _disks = new(StringComparer.Ordinal);

    /// <summary>How many disks are remembered, for tests.</summary>
    internal int Remembered
    {
        get
        {
            lock (_lock)
                return _disks.Count;
        }
    }

    /// <summary>Looks at something on a thread of its own, and not of the pool, whose threads others need.</summary>
    public static Task<T> OnThreadAsync<T>(Func<T> look) =>
        Task.Factory.StartNew(look, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Looks at a disk on a thread of its own, when it is this look's turn.</summary>
    /// <param name="disk">The mount point of the disk.</param>
    /// <param name="look">The look, which may block for as long as the disk does.</param>
    /// <param name="cancellationToken">Ends waiting for it.</param>
    /// <exception cref="ApiException">The disk does not respond.</exception>
    public async Task<T> LookAsync<T>(string disk, Func<T> look, CancellationToken cancellationToken)
    {
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience);
        try
        {
            return await RunAsync(disk, look, waiting.Token).WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw NotAvailable(disk);
        }
    }

    // Goes on after its request has given up.
    private async Task<T> RunAsync<T>(string name, Func<T> look, CancellationToken cancellationToken)
    {
        Disk disk = Enter(name);
        try
        {
            if (disk.SilentFor > patience)
                throw NotAvailable(name);
            return await disk.RunAsync(look, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                disk.Asked--;
        }
    }

    // Disks come and go (containers, automatic mounts). One that is asked is not forgotten: there would then be two of it.
    private Disk Enter(string name)
    {
        lock (_lock)
        {
            if (_disks.Count > Bounds.MaxIdleDisks)
            {
                foreach (string idle in _disks.Where(each => each.Value.Asked == 0).Select(each => each.Key).ToArray())
                    _disks.Remove(idle);
            }

            if (!_disks.TryGetValue(name, out Disk? disk))
                _disks[name] = disk = new Disk();
            disk.Asked++;
            return disk;
        }
    }

    private static ApiException NotAvailable(string disk) =>
        new(503, "not-available", $"The disk at {disk} does not answer.") { RetryAfter = TimeSpan.FromSeconds(10) };

    private sealed class Disk
    {
        private readonly OneOfFew _turns = new(1);
        private long _began;

        /// <summary>How many looks are under way or wait for their turn. Belongs to the lock.</summary>
        public int Asked { get; set; }

        /// <summary>How long the look that is under way has taken; nothing if there is none.</summary>
        public TimeSpan SilentFor => Volatile.Read(ref _began) is var began and not 0
            ? TimeSpan.FromMilliseconds(Environment.TickCount64 - began)
            : TimeSpan.Zero;

        public async Task<T> RunAsync<T>(Func<T> look, CancellationToken cancellationToken)
        {
            T? seen = default;
            await _turns.RunAsync(async () => seen = await OnThreadAsync(() => Look(look)).ConfigureAwait(false), cancellationToken)
                .ConfigureAwait(false);
            return seen!;
        }

        private T Look<T>(Func<T> look)
        {
            Volatile.Write(ref _began, Environment.TickCount64);
            try
            {
                return look();
            }
            finally
            {
                Volatile.Write(ref _began, 0);
            }
        }
    }
}

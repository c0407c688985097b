using System.Collections.Concurrent;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>
/// Looks at disks for requests. A disk that does not respond holds up one thread and no other disk; who asks for it is refused after a
/// while, and at once if it has been silent for that long already.
/// </summary>
/// <param name="patience">How long a request waits.</param>
internal sealed class DiskLooks(TimeSpan patience)
{
    private readonly ConcurrentDictionary<string, Disk> _disks = new(StringComparer.Ordinal);

    /// <summary>Looks at a disk on a thread of its own, when it is this look's turn.</summary>
    /// <param name="disk">The mount point of the disk.</param>
    /// <param name="look">The look, which may block for as long as the disk does.</param>
    /// <param name="cancellationToken">Ends waiting for it.</param>
    /// <exception cref="ApiException">The disk does not respond.</exception>
    public async Task<T> LookAsync<T>(string disk, Func<T> look, CancellationToken cancellationToken)
    {
        Disk asked = _disks.GetOrAdd(disk, static _ => new Disk());
        if (asked.SilentFor > patience)
            throw NotAvailable(disk);
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        waiting.CancelAfter(patience);
        try
        {
            return await asked.RunAsync(look, waiting.Token).WaitAsync(patience, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw NotAvailable(disk);
        }
    }

    private static ApiException NotAvailable(string disk) =>
        new(503, "not-available", $"The disk at {disk} does not answer.") { RetryAfter = TimeSpan.FromSeconds(10) };

    private sealed class Disk
    {
        private readonly OneOfFew _turns = new(1);
        private long _began;

        /// <summary>How long the look that is under way has taken; nothing if there is none.</summary>
        public TimeSpan SilentFor => Volatile.Read(ref _began) is var began and not 0
            ? TimeSpan.FromMilliseconds(Environment.TickCount64 - began)
            : TimeSpan.Zero;

        public async Task<T> RunAsync<T>(Func<T> look, CancellationToken cancellationToken)
        {
            T? seen = default;
            await _turns.RunAsync(
                () =>
                {
                    Volatile.Write(ref _began, Environment.TickCount64);
                    try
                    {
                        seen = look();
                    }
                    finally
                    {
                        Volatile.Write(ref _began, 0);
                    }

                    return Task.CompletedTask;
                },
                cancellationToken).ConfigureAwait(false);
            return seen!;
        }
    }
}

using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>Requests that move torrents in the queue are carried out one after the other.</summary>
// The semaphore has no wait handle.
#pragma warning disable CA1001
internal sealed class QueueTurns(TimeSpan patience)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _free = new(1);

    /// <summary>Waits for its turn, which ends when the result is disposed.</summary>
    /// <exception cref="ApiException">Earlier requests take too long.</exception>
    public async Task<IDisposable> EnterAsync(CancellationToken cancellationToken)
    {
        if (await _free.WaitAsync(patience, cancellationToken).ConfigureAwait(false))
            return new Turn(_free);
        throw ApiException.TooMany("Torrents are being moved in the queue by an earlier request.", TimeSpan.FromSeconds(10));
    }

    private sealed class Turn(SemaphoreSlim free) : IDisposable
    {
        private SemaphoreSlim? _free = free;

        public void Dispose() => Interlocked.Exchange(ref _free, null)?.Release();
    }
}

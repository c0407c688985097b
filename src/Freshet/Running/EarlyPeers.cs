using Freshet.Core;

namespace Freshet.Running;

/// <summary>
/// Where peers wait that have come before their torrent is open. A session listens before torrents are added to it, and a torrent is open
/// only when it was checked; who is sent away meanwhile comes again in a minute or later, if at all. Few may wait, and not for long.
/// </summary>
internal sealed class EarlyPeers(TimeProvider? time = null)
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;
    private TaskCompletionSource _changed = NewSource();
    private int _waiting;

    /// <summary>A torrent has come, gone, or changed its phase.</summary>
    public void OnChange()
    {
        if (Volatile.Read(ref _waiting) > 0)
            Interlocked.Exchange(ref _changed, NewSource()).SetResult();
    }

    /// <summary>Waits until a torrent is open; false if it does not open in time, cannot any more, or too many wait already.</summary>
    /// <param name="isOpen">Whether it is.</param>
    /// <param name="mayOpen">Whether it may be soon.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<bool> WaitAsync(Func<bool> isOpen, Func<bool> mayOpen, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _waiting) > Limits.MaxEarlyPeers)
                return false;
            using CancellationTokenSource patience = new(TimeSpan.FromSeconds(Limits.EarlyPeerSeconds), _time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
            while (true)
            {
                // Taken first, so that a change right after the look is not missed.
                Task changed = Volatile.Read(ref _changed).Task;
                if (isOpen())
                    return true;
                if (!mayOpen())
                    return false;
                await changed.WaitAsync(either.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

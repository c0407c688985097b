using System.Net;
using Freshet.Connections;
using Freshet.Core;

namespace Freshet.Running;

/// <summary>
/// Holds incoming peers whose torrent is not open yet. A session listens before torrents are added to it, and a torrent is open only once
/// it was checked; a peer that is refused in the meantime returns after a minute or later, if at all. Only a few peers may wait, only
/// briefly, and none may keep others out.
/// </summary>
internal sealed class EarlyPeers
{
    private readonly TimeProvider _time;
    private readonly FairRoom _room;
    private TaskCompletionSource _changed = NewSource();

    public EarlyPeers(TimeProvider? time = null)
    {
        _time = time ?? TimeProvider.System;
        _room = new FairRoom(Limits.MaxEarlyPeers, TimeSpan.Zero, _time);
    }

    /// <summary>A torrent was added, was removed, or changed its phase.</summary>
    public void OnChange()
    {
        if (_room.Count > 0)
            Interlocked.Exchange(ref _changed, NewSource()).SetResult();
    }

    /// <summary>
    /// Waits until a torrent is open; returns false if it does not open in time or no longer can, or if others need the room.
    /// </summary>
    /// <param name="address">The peer's address.</param>
    /// <param name="isOpen">Whether the torrent is open.</param>
    /// <param name="mayOpen">Whether the torrent may open soon.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    public async Task<bool> WaitAsync(IPAddress address, Func<bool> isOpen, Func<bool> mayOpen, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(Limits.EarlyPeerSeconds), _time);

        // Deliberately not disposed: it may be cancelled while the place is being given back, and it holds nothing that needs disposal.
        CancellationTokenSource evicted = new();
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(patience.Token, evicted.Token, cancellationToken);
        using IDisposable place = _room.Enter(address, evicted.Cancel);
        try
        {
            while (true)
            {
                // Read before the check, so that a change right after it is not missed.
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
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

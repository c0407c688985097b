using System.Net;
using Freshet.Connections;
using Freshet.Core;

namespace Freshet.Running;

/// <summary>
/// Where peers wait that have come before their torrent is open. A session listens before torrents are added to it, and a torrent is open
/// only when it was checked; who is sent away meanwhile comes again in a minute or later, if at all. Few may wait, and not for long, and
/// none keeps others out.
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

    /// <summary>A torrent has come, gone, or changed its phase.</summary>
    public void OnChange()
    {
        if (_room.Count > 0)
            Interlocked.Exchange(ref _changed, NewSource()).SetResult();
    }

    /// <summary>Waits until a torrent is open; false if it does not open in time, cannot any more, or others need the room.</summary>
    /// <param name="address">The peer's.</param>
    /// <param name="isOpen">Whether it is.</param>
    /// <param name="mayOpen">Whether it may be soon.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<bool> WaitAsync(IPAddress address, Func<bool> isOpen, Func<bool> mayOpen, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(Limits.EarlyPeerSeconds), _time);

        // Not disposed of, for which it has no need: it may be cancelled while the place is given back.
        CancellationTokenSource evicted = new();
        using CancellationTokenSource either =
            CancellationTokenSource.CreateLinkedTokenSource(patience.Token, evicted.Token, cancellationToken);
        using IDisposable place = _room.Enter(address, evicted.Cancel);
        try
        {
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
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

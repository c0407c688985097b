using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// A torrent's presence in its swarm: it announces and accepts connections from when its state on disk is known until the run is over. Disk
/// failures do not end it.
/// </summary>
internal sealed class Presence(TorrentContext torrent, Announcing announcing, Connecting connecting, Departures departures, Updates updates)
{
    private bool _hasAnnounced;

    /// <summary>Announces to trackers and dials peers.</summary>
    public void Begin(Timestamp now)
    {
        if (!_hasAnnounced)
            announcing.Start(now);
        _hasAnnounced = true;
        connecting.Dial(now);
    }

    /// <summary>Pieces were found on disk while peers were connected.</summary>
    public void OnFound(Timestamp now) => updates.SendFound(now);

    /// <summary>
    /// Everything wanted is complete: trackers and peers are notified, and peers that want nothing either are disconnected.
    /// </summary>
    public void OnFinished(Timestamp now)
    {
        announcing.OnFinished(now);
        updates.SendUploadOnly(now);
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
            connecting.DropIfBothSeed(torrent.Peers.All[i], now);
    }

    /// <summary>A seed wants something again: seeds that were disconnected are dialled again, and peers are notified.</summary>
    public void OnUnfinished(Timestamp now)
    {
        torrent.Book.WakeAll();
        updates.SendUploadOnly(now);
    }

    /// <summary>Disconnects all peers.</summary>
    public void LeavePeers(Timestamp now)
    {
        torrent.Book.ForgetDials();
        departures.DropAll(DisconnectReason.TorrentStopped, now);
    }

    /// <summary>Leaves the swarm temporarily; the phase has already changed.</summary>
    public void Leave(Timestamp now)
    {
        LeavePeers(now);
        LeaveTrackers(now);

        // No dials are possible now; this reports it to the session.
        connecting.Dial(now);
    }

    /// <summary>Announces to the trackers that we leave, if they know of us.</summary>
    public void LeaveTrackers(Timestamp now)
    {
        if (_hasAnnounced)
            announcing.Stop(now);
        _hasAnnounced = false;
    }
}

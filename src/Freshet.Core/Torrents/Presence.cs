using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>
/// A torrent's presence in its swarm: announced and connected from when it is known what is there until the run is over. Trouble with
/// the disk does not end it.
/// </summary>
internal sealed class Presence(TorrentContext torrent, Announcing announcing, Connecting connecting, Departures departures, Updates updates)
{
    private bool _hasAnnounced;

    /// <summary>Trackers hear of us, and peers are dialled.</summary>
    public void Begin(Timestamp now)
    {
        if (!_hasAnnounced)
            announcing.Start(now);
        _hasAnnounced = true;
        connecting.Dial(now);
    }

    /// <summary>Pieces were found on disk while peers were there.</summary>
    public void OnFound(Timestamp now) => updates.SendFound(now);

    /// <summary>All that we wanted is there: trackers and peers hear of it, and those that want nothing either are left.</summary>
    public void OnFinished(Timestamp now)
    {
        announcing.OnFinished(now);
        updates.SendUploadOnly(now);
        for (int i = torrent.Peers.Count - 1; i >= 0; i--)
            connecting.DropIfBothSeed(torrent.Peers.All[i], now);
    }

    /// <summary>A seed wants something after all: those that were left alone are dialled again, and peers hear of it.</summary>
    public void OnUnfinished(Timestamp now)
    {
        torrent.Book.WakeAll();
        updates.SendUploadOnly(now);
    }

    /// <summary>Leaves the peers.</summary>
    public void LeavePeers(Timestamp now)
    {
        torrent.Book.ForgetDials();
        departures.DropAll(DisconnectReason.TorrentStopped, now);
    }

    /// <summary>Leaves the swarm for a while, with the phase already another.</summary>
    public void Leave(Timestamp now)
    {
        LeavePeers(now);
        LeaveTrackers(now);

        // Nobody is dialled now; the session hears of it.
        connecting.Dial(now);
    }

    /// <summary>Tells the trackers that we leave, if they have heard of us.</summary>
    public void LeaveTrackers(Timestamp now)
    {
        if (_hasAnnounced)
            announcing.Stop(now);
        _hasAnnounced = false;
    }
}

namespace Freshet.Core.Torrents;

/// <summary>What a torrent could use now of the resources that the torrents of a session compete for.</summary>
/// <param name="Dials">Dials that the torrent could use at once, including those in progress.</param>
/// <param name="UploadSlots">Peers that it could unchoke at once.</param>
/// <param name="Check">Whether it has existing pieces to read and hash before anything else.</param>
internal readonly record struct TorrentDemand(int Dials, int UploadSlots, bool Check)
{
    /// <summary>Dials in progress, out of <see cref="Dials"/>.</summary>
    public int Dialling { get; init; }

    /// <summary>What the torrent is active for, or waits to be active for.</summary>
    public Activity Wants { get; init; }

    /// <summary>Whether the torrent is active and slow.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Whether the torrent bypasses the queue and does not count in it.</summary>
    public bool IsForced { get; init; }
}

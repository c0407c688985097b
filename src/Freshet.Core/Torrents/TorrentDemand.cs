namespace Freshet.Core.Torrents;

/// <summary>What a torrent could use now of what all torrents of a session compete for.</summary>
/// <param name="Dials">Dials under way at once, those that are counted.</param>
/// <param name="UploadSlots">Peers that may request of us at once.</param>
/// <param name="Check">Whether it has pieces on disk to read and hash before anything else.</param>
internal readonly record struct TorrentDemand(int Dials, int UploadSlots, bool Check)
{
    /// <summary>Dials under way, of those it could use.</summary>
    public int Dialling { get; init; }

    /// <summary>What it is active for, or waits to be.</summary>
    public Activity Wants { get; init; }

    /// <summary>Whether it is active and slow.</summary>
    public bool IsSlow { get; init; }

    /// <summary>Whether it does not wait for others, and is not counted among them.</summary>
    public bool IsForced { get; init; }
}

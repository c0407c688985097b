namespace Freshet.Core.Torrents;

/// <summary>What a torrent could use now of what all torrents of a session compete for.</summary>
/// <param name="Dials">Dials under way at once, those that are counted.</param>
/// <param name="UploadSlots">Peers that may request of us at once.</param>
/// <param name="Check">Whether it has pieces on disk to read and hash before anything else.</param>
internal readonly record struct TorrentDemand(int Dials, int UploadSlots, bool Check);

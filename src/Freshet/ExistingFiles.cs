namespace Freshet;

/// <summary>What happens to files that existed before the torrent was added.</summary>
public enum ExistingFiles
{
    /// <summary>
    /// They are checked and seeded; whatever differs from the torrent is downloaded and overwritten. Only a file that has a second name (a
    /// hard link) is never overwritten: it would change under that as well, so the torrent fails and names it.
    /// </summary>
    Continue,

    /// <summary>
    /// They are checked and seeded, but never overwritten: if pieces differ, the torrent fails and names the file. Two gaps are still
    /// filled: runs of zeros, which other programs leave where nothing has been downloaded yet, and a missing end of a file of which other
    /// pieces are good. If part of a piece is missing, so that no hash can decide, the piece is written if another piece of the file is
    /// good. None of that is done to a file with a second name. Meant for data that other programs or torrents use as well.
    /// </summary>
    Keep,
}

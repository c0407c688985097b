namespace Freshet;

/// <summary>What becomes of files that were there, as long as the torrent says, before the torrent was added.</summary>
public enum ExistingFiles
{
    /// <summary>They are checked and seeded, and what differs in them from the torrent is downloaded in its place.</summary>
    Continue,

    /// <summary>
    /// They are checked and seeded, and nothing in them is overwritten: if pieces are found that differ, the torrent fails, and says which
    /// file it is. Runs of zeros, as other programs leave where nothing has come yet, are filled; and where such a file shares a piece with
    /// one that is missing or shorter, its part of that piece is written. For data that serves other programs, or other torrents, as well.
    /// </summary>
    Keep,
}

namespace Freshet;

/// <summary>What becomes of files that were there before the torrent was added.</summary>
public enum ExistingFiles
{
    /// <summary>They are checked and seeded, and what differs in them from the torrent is downloaded in its place.</summary>
    Continue,

    /// <summary>
    /// They are checked and seeded, and nothing in them is overwritten: if pieces are found that differ, the torrent fails, and says which
    /// file it is. Runs of zeros, as other programs leave where nothing has come yet, are filled, and so is what a file lacks at its end if
    /// pieces of it were found to be good. Where part of a piece is missing, so that no hash can tell, the same decides: it is written if
    /// another piece of the file is good. For data that serves other programs, or other torrents, as well.
    /// </summary>
    Keep,
}

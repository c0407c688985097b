namespace Freshet.Disk;

/// <summary>What it means that a piece cannot be read.</summary>
internal enum Readability
{
    /// <summary>The piece is lost, and was reported to its torrent just now.</summary>
    PieceLost,

    /// <summary>The piece is lost, as its torrent already knew.</summary>
    KnownAsLost,

    /// <summary>The problem is not limited to the piece.</summary>
    DiskFailed,
}

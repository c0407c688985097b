namespace Freshet.Disk;

/// <summary>What it means that a piece cannot be read.</summary>
internal enum Readability
{
    /// <summary>The piece is lost, which its torrent has been told now.</summary>
    PieceLost,

    /// <summary>The piece is lost, which its torrent knew.</summary>
    KnownAsLost,

    /// <summary>More than a piece is amiss.</summary>
    DiskFailed,
}

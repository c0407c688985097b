namespace Freshet.Disk.Matching;

/// <summary>Limits of the search for a torrent's files under other names.</summary>
internal static class MatchLimits
{
    /// <summary>Files that are looked at in all search folders together.</summary>
    public const int MaxFiles = 1_000_000;

    /// <summary>Files of the right length that are tried for one file of the torrent.</summary>
    public const int MaxCandidates = 32;

    /// <summary>Combinations of files that are tried for one piece that spans several files.</summary>
    public const int MaxCombinations = 256;

    /// <summary>Files in one piece; a piece with more is left to be downloaded.</summary>
    public const int MaxFilesOfPiece = 64;

    /// <summary>
    /// Pieces of a candidate that are tried first, spread over the file: if none of them is good, it is not read any further.
    /// </summary>
    public const int Samples = 8;

    /// <summary>
    /// How many times the torrent's length may be read in all, and <see cref="MaxBytesBeside"/> more.
    /// </summary>
    public const int MaxReadTimes = 4;

    /// <inheritdoc cref="MaxReadTimes"/>
    public const long MaxBytesBeside = 1L << 30;

    /// <summary>What a read counts as at least, so that there are not too many of a few bytes.</summary>
    public const int LeastReadCost = 4096;

    /// <summary>Bytes read at once.</summary>
    public const int BufferLength = 1 << 20;
}

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

    /// <summary>Bytes read at once.</summary>
    public const int BufferLength = 1 << 20;
}

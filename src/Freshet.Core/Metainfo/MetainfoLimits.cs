namespace Freshet.Core.Metainfo;

/// <summary>Bounds of .torrent files and magnet links, in addition to those on pieces and files.</summary>
internal static class MetainfoLimits
{
    /// <summary>The largest .torrent file in bytes.</summary>
    public const int MaxLength = 128 * 1024 * 1024;

    /// <summary>Bytes of one element of a file path, as in most file systems.</summary>
    public const int MaxPathElementBytes = 255;

    /// <summary>Bytes of a file's whole path in a torrent: half of what Linux allows, since the output folder comes before it.</summary>
    public const int MaxPathBytes = 2_048;

    /// <summary>
    /// Characters of all file paths of a torrent together, each including the torrent's name: 256 MiB of memory. With a million files, that
    /// leaves 134 characters for each. Without this bound, a .torrent file of 25 MB with a long name could use a gigabyte.
    /// </summary>
    public const long MaxPathCharacters = 128L * 1024 * 1024;

    /// <summary>Elements of a file path.</summary>
    public const int MaxPathDepth = 100;

    /// <summary>Bytes of a tracker's or web seed's URL.</summary>
    public const int MaxUrlLength = 4_096;

    /// <summary>Web seeds of one torrent.</summary>
    public const int MaxWebSeeds = 200;

    /// <summary>DHT nodes in a torrent or a magnet link.</summary>
    public const int MaxNodes = 200;

    /// <summary>Torrents that a torrent names as similar (BEP 38).</summary>
    public const int MaxSimilar = 200;

    /// <summary>Bytes of a torrent's comment, creator and source; longer text is cut.</summary>
    public const int MaxTextBytes = 64 * 1024;

    /// <summary>Characters of a torrent's name where it is shown; twice the length of the longest file name.</summary>
    public const int MaxShownNameLength = 512;

    /// <summary>Warnings kept for a torrent; further ones are only counted.</summary>
    public const int MaxWarnings = 100;

    /// <summary>Symbolic links followed from one to the next before they count as a loop, as in Linux.</summary>
    public const int MaxSymlinkHops = 40;

    /// <summary>
    /// Characters processed per torrent to resolve its symbolic links: about 0.1 s of work. Links crafted to be slow to resolve could
    /// otherwise take many minutes.
    /// </summary>
    public const long MaxSymlinkSteps = 100_000_000;

    /// <summary>Characters of a magnet link with everything escaped that can be.</summary>
    public const int MaxMagnetLength = 256 * 1024;

    /// <summary>File ranges in a magnet link (BEP 53).</summary>
    public const int MaxMagnetFileRanges = 10_000;

    /// <summary>Trackers of one torrent.</summary>
    public const int MaxTrackers = 200;
}

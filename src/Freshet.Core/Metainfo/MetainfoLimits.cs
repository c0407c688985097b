namespace Freshet.Core.Metainfo;

/// <summary>What bounds .torrent files and magnet links, beyond the pieces and files that a torrent may have.</summary>
internal static class MetainfoLimits
{
    /// <summary>Bytes of a .torrent file.</summary>
    public const int MaxLength = 128 * 1024 * 1024;

    /// <summary>Bytes of a file path's element, as file systems have it.</summary>
    public const int MaxPathElementBytes = 255;

    /// <summary>Bytes of a file's whole path in a torrent: half of what Linux takes, since the download folder comes in front.</summary>
    public const int MaxPathBytes = 2_048;

    /// <summary>
    /// Characters of all file paths of a torrent, the torrent's name in each: 256 MiB of memory. A million files have room for 134 each.
    /// Without it a .torrent of 25 MB could take a gigabyte by a long name alone.
    /// </summary>
    public const long MaxPathCharacters = 128L * 1024 * 1024;

    /// <summary>Elements of a file's path.</summary>
    public const int MaxPathDepth = 100;

    /// <summary>Bytes of a tracker's or web seed's URL.</summary>
    public const int MaxUrlLength = 4_096;

    /// <summary>Web seeds of one torrent.</summary>
    public const int MaxWebSeeds = 200;

    /// <summary>DHT nodes that a torrent or a magnet link may name.</summary>
    public const int MaxNodes = 200;

    /// <summary>Bytes of a torrent's comment, of the name of its maker and of its source; what is longer is cut.</summary>
    public const int MaxTextBytes = 64 * 1024;

    /// <summary>Characters of a torrent's name where it is shown; twice what the longest file name has.</summary>
    public const int MaxShownNameLength = 512;

    /// <summary>What a torrent's reader has to say about it; the rest is counted.</summary>
    public const int MaxWarnings = 100;

    /// <summary>Symbolic links that are followed from one to the next before they count as a circle, as Linux has it.</summary>
    public const int MaxSymlinkHops = 40;

    /// <summary>
    /// Characters that are looked up, in one torrent, to follow its symbolic links: a tenth of a second's work. Links made to be long to
    /// follow would keep a reader busy for many minutes.
    /// </summary>
    public const long MaxSymlinkSteps = 100_000_000;

    /// <summary>Characters of a magnet link with all escaped that can be.</summary>
    public const int MaxMagnetLength = 256 * 1024;

    /// <summary>Ranges of files that a magnet link may select (BEP 53).</summary>
    public const int MaxMagnetFileRanges = 10_000;

    /// <summary>Trackers of one torrent.</summary>
    public const int MaxTrackers = 200;
}

namespace Freshet.Disk;

/// <summary>What a run of a torrent's bytes consists of, as far as can be determined without reading.</summary>
internal enum Extent
{
    /// <summary>Bytes that must be read.</summary>
    Data,

    /// <summary>Only zeros: never written parts of sparse files, or pad files.</summary>
    Hole,

    /// <summary>A file does not exist, or ends before.</summary>
    Missing,
}

namespace Freshet.Disk;

/// <summary>What lies behind a run of a torrent's bytes, as far as can be told without reading.</summary>
internal enum Extent
{
    /// <summary>Bytes that must be read.</summary>
    Data,

    /// <summary>Zeros alone: never written parts of sparse files, or pad files.</summary>
    Hole,

    /// <summary>A file is not there, or ends before.</summary>
    Missing,
}

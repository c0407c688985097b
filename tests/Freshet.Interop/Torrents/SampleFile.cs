namespace Freshet.Interop.Torrents;

/// <summary>A file of a sample torrent: its length, and its path below the torrent's name (empty for a single-file torrent).</summary>
public sealed record SampleFile(long Length, params string[] Path)
{
    /// <summary>Zeros up to the next piece boundary (BEP 47). Clients that know pad files do not write them to disk.</summary>
    public bool IsPad { get; init; }
}

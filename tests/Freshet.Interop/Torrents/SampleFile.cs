namespace Freshet.Interop.Torrents;

/// <summary>A file of a sample torrent: its path elements below the torrent's name (none for a single-file torrent) and its length.</summary>
public sealed record SampleFile(long Length, params string[] Path)
{
    /// <summary>Zeros that fill up to a piece border (BEP 47). Clients that know them do not write them to disk.</summary>
    public bool IsPad { get; init; }
}

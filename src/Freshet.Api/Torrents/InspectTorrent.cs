namespace Freshet.Api;

/// <summary>A torrent to look into: either a source or the bytes of a .torrent.</summary>
public sealed record InspectTorrent
{
    /// <summary>A magnet link, an info-hash, or the http(s) URL of a .torrent.</summary>
    public string? Source { get; init; }

    /// <summary>The bytes of a .torrent, in base64.</summary>
    public byte[]? Metainfo { get; init; }
}

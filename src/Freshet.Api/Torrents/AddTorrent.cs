namespace Freshet.Api;

/// <summary>A torrent to add: either a source or the bytes of a .torrent. What is null has its default.</summary>
public sealed record AddTorrent
{
    /// <summary>A magnet link, an info-hash, or the http(s) URL of a .torrent.</summary>
    public string? Source { get; init; }

    /// <summary>The bytes of a .torrent, in base64.</summary>
    public byte[]? Metainfo { get; init; }

    /// <summary>Where its files go: absolute, or relative to the download folder. Default: the download folder.</summary>
    public string? Folder { get; init; }

    /// <summary>Whether it is started. Default: true.</summary>
    public bool? Start { get; init; }

    /// <summary>Whether a magnet link stops as soon as its files are known. Default: false.</summary>
    public bool? StopAtMetadata { get; init; }

    /// <summary>Labels, at most 32 of at most 64 characters, without commas.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Its category.</summary>
    public string? Category { get; init; }

    /// <summary>Priorities of the files, by index; files beyond the end are wanted normally.</summary>
    public IReadOnlyList<PriorityCode>? Priorities { get; init; }

    /// <summary>Whether pieces are fetched in order. Default: false.</summary>
    public bool? Sequential { get; init; }

    /// <summary>Whether the ends of files are fetched first, as players need them. Default: false.</summary>
    public bool? FirstAndLastFirst { get; init; }

    /// <summary>Payload bytes per second, 1,024 or more; 0, the default, is no limit.</summary>
    public long? MaxDownloadRate { get; init; }

    /// <summary>Payload bytes per second, 1,024 or more; 0, the default, is no limit.</summary>
    public long? MaxUploadRate { get; init; }

    /// <summary>The most connected peers, 1 to 10,000. Default: 100.</summary>
    public int? MaxPeers { get; init; }

    /// <summary>Peers that are uploaded to at once, 1 to 1,000; 0, the default, is as many as the upload rate allows.</summary>
    public int? UploadSlots { get; init; }

    /// <summary>Whether it is active without waiting for its turn. Default: false.</summary>
    public bool? ForceStart { get; init; }

    /// <summary>Where its files are until it is complete; empty is where they belong. Default: as the session's settings say.</summary>
    public string? IncompleteFolder { get; init; }

    /// <summary>Whether nothing is overwritten in files that are there already: it fails if they differ. Default: false.</summary>
    public bool? KeepExisting { get; init; }

    /// <summary>Peers to connect to, as 192.0.2.1:6881 or [2001:db8::1]:6881.</summary>
    public IReadOnlyList<string>? Peers { get; init; }
}

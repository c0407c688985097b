namespace Freshet.Api;

/// <summary>A part of all torrents, when a client begins to listen.</summary>
public sealed record SnapshotEvent
{
    /// <summary>Whether this is the first part: forget everything.</summary>
    public required bool Reset { get; init; }

    /// <summary>At most 500 torrents, in their order.</summary>
    public required IReadOnlyList<TorrentItem> Torrents { get; init; }

    /// <summary>Whether this is the last part.</summary>
    public required bool Complete { get; init; }

    /// <summary>How the session stands.</summary>
    public required SessionState Session { get; init; }
}

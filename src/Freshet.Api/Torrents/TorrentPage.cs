namespace Freshet.Api;

/// <summary>A part of the list of torrents.</summary>
public sealed record TorrentPage
{
    /// <summary>How many torrents the filters let through.</summary>
    public required int Total { get; init; }

    /// <summary>How many of them come before this part.</summary>
    public required int Offset { get; init; }

    /// <summary>This part.</summary>
    public required IReadOnlyList<TorrentItem> Torrents { get; init; }
}

namespace Freshet.Api;

/// <summary>The web seeds of a torrent.</summary>
public sealed record WebSeedList
{
    /// <summary>In the torrent's order.</summary>
    public required IReadOnlyList<WebSeedItem> WebSeeds { get; init; }
}

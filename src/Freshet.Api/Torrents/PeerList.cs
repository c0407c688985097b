namespace Freshet.Api;

/// <summary>The connected peers of a torrent.</summary>
public sealed record PeerList
{
    /// <summary>In no order.</summary>
    public required IReadOnlyList<PeerItem> Peers { get; init; }
}

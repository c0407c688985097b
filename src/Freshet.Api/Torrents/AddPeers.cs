namespace Freshet.Api;

/// <summary>Peers to connect to.</summary>
public sealed record AddPeers
{
    /// <summary>As 192.0.2.1:6881 or [2001:db8::1]:6881, at most 1,000.</summary>
    public required IReadOnlyList<string> Peers { get; init; }
}

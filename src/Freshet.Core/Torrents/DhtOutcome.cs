namespace Freshet.Core.Torrents;

/// <summary>The outcome of a DHT search.</summary>
/// <param name="Peers">The number of peers found.</param>
/// <param name="HasAsked">Whether any node answered; false while the DHT is still looking for its first nodes, or is busy.</param>
internal readonly record struct DhtOutcome(int Peers, bool HasAsked);

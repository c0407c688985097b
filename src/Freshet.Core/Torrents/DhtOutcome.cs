namespace Freshet.Core.Torrents;

/// <summary>How a search in the DHT went.</summary>
/// <param name="Peers">Peers that were found.</param>
/// <param name="HasAsked">Whether any node answered; not so while the DHT is still looking for its first nodes, or is busy.</param>
internal readonly record struct DhtOutcome(int Peers, bool HasAsked);

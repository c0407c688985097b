using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>A peer that announced itself to us.</summary>
internal readonly record struct StoredPeer(NodeAddress Address, bool IsSeed, Timestamp At);

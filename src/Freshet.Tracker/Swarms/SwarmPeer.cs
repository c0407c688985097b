using Freshet.Core.Rates;
using Freshet.Core.Wire;

namespace Freshet.Tracker.Swarms;

/// <summary>A peer as the tracker remembers it.</summary>
internal readonly record struct SwarmPeer(PeerAddress Address, PeerId Id, Timestamp LastSeen);

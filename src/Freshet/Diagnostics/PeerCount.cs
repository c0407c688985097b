using Freshet.Core.Peers;

namespace Freshet.Diagnostics;

/// <summary>Connected peers of one kind.</summary>
/// <param name="Source">How we came to know them.</param>
/// <param name="Transport">What carries their connections.</param>
/// <param name="Count">How many there are.</param>
internal readonly record struct PeerCount(PeerSource Source, PeerTransport Transport, int Count);

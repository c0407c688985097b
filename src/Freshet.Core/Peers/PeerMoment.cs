using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// A moment, on our clock and on a peer's own, which stands still while we do not read from it. What it lets us wait for is measured on
/// its own: a peer is not slow because our disk is.
/// </summary>
/// <param name="Now">The time.</param>
/// <param name="Own">The same on the peer's clock.</param>
internal readonly record struct PeerMoment(Timestamp Now, Timestamp Own);

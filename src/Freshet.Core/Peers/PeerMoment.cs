using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// A moment on our clock and on a peer's own clock, which stops while we do not read from the peer. Waiting times are measured on the
/// peer's clock: a peer is not slow because our disk is.
/// </summary>
/// <param name="Now">The moment on our clock.</param>
/// <param name="Own">The same moment on the peer's clock.</param>
internal readonly record struct PeerMoment(Timestamp Now, Timestamp Own);

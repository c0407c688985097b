using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Peers;

/// <summary>What is known about how to connect to a peer.</summary>
/// <param name="Worked">How an earlier connection succeeded, which is tried first; null if there was none.</param>
/// <param name="Told">What other peers have said about it (BEP 11).</param>
/// <param name="IsPunched">
/// Whether it dials us at this moment, so that the routers of both let through what each sends the other (BEP 55): over uTP alone.
/// </param>
internal readonly record struct DialHint(
    PeerWay? Worked = null, PeerExchangeFlags Told = PeerExchangeFlags.None, bool IsPunched = false);

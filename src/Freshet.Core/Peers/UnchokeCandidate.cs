using Freshet.Core.Pieces;

using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>A peer that is interested in us.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="BytesPerSecond">What it gives us, or takes from us when we have everything.</param>
/// <param name="IsUnchoked">Whether it has a slot now.</param>
/// <param name="LastChange">When it was last unchoked or, with a slot no more, choked; long ago if never.</param>
internal readonly record struct UnchokeCandidate(PeerKey Peer, double BytesPerSecond, bool IsUnchoked, Timestamp LastChange);

using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>A peer that is interested in us, as a candidate for an upload slot.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Network">The network with which it shares its turns.</param>
/// <param name="Rank">Its claim to a slot: the highest come first, and 0 is no claim.</param>
/// <param name="IsUnchoked">Whether it has a slot now.</param>
/// <param name="IsIdle">Whether it has a slot and requests nothing.</param>
/// <param name="IsNewcomer">Whether it has never had a slot.</param>
/// <param name="IsFreeRider">Whether it takes and gives nothing in return.</param>
/// <param name="WastedSlots">Consecutive slots that it was given and did not use.</param>
/// <param name="LastChange">When it was last unchoked or, without a slot now, choked; when it connected, if it never had a slot.</param>
internal readonly record struct UnchokeCandidate(
    PeerKey Peer, Origin Network, double Rank, bool IsUnchoked, bool IsIdle, bool IsNewcomer, bool IsFreeRider, int WastedSlots,
    Timestamp LastChange);

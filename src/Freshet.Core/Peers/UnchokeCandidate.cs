using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>A peer that is interested in us.</summary>
/// <param name="Peer">The peer.</param>
/// <param name="Network">With whom it shares its turns.</param>
/// <param name="Rank">What entitles it to a slot; the greatest come first, and nothing is nothing.</param>
/// <param name="IsUnchoked">Whether it has a slot now.</param>
/// <param name="IsIdle">Whether it has a slot and asks for nothing.</param>
/// <param name="IsNewcomer">Whether it never had a slot.</param>
/// <param name="WastedSlots">Slots in a row that it was given and did not use.</param>
/// <param name="LastChange">When it was last unchoked or, with a slot no more, choked; when it connected, if it never had one.</param>
internal readonly record struct UnchokeCandidate(
    PeerKey Peer, Origin Network, double Rank, bool IsUnchoked, bool IsIdle, bool IsNewcomer, int WastedSlots, Timestamp LastChange);

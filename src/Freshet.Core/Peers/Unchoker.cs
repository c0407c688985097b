using System.Runtime.InteropServices;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// Decides which peers to unchoke: every ten seconds the peers of the highest rank keep or get all slots but one. The last slot rotates
/// among the others, half a minute each; newcomers wait a third as long for it. A slot that becomes free in between goes to the peer that
/// has waited longest. Holding a slot gives no claim to it: an idle slot goes to a waiting peer, and peers that left slots unused wait
/// behind those that did not. If there is only one slot, the others have it for every third round. Free-riders have no part in this while
/// others are served, but for a turn of the last slot now and then.
/// </summary>
/// <remarks>
/// No network gets a second turn before every other waiting network has had its first, and none gets more than half of the slots by being
/// fast, so that many connections from one machine are worth little more than one. In a swarm with fewer peers than slots, a free-rider
/// with a slot everywhere would have as much as anybody: a slot that is left over does not mean that the line has room for one more. The
/// turns keep a peer that was taken for a free-rider in error from being left out for ever.
/// </remarks>
internal sealed class Unchoker
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OptimisticRound = TimeSpan.FromSeconds(30);

    // With a single slot, the others have it in one round of so many.
    private const int RoundsOfOneSlot = 3;

    // BEP 3: new peers are three times as likely to be next.
    private const int NewcomersWeight = 3;

    // A free-rider waits eight times as long for the last slot, and no less than two minutes. It has it for one round: one that was taken
    // for a free-rider in error gives something by then.
    private const int FreeRidersWeight = 8;
    private static readonly TimeSpan FreeRidersPause = TimeSpan.FromMinutes(2);

    // Created for the first choice: most torrents at rest never make one.
    private List<UnchokeCandidate> Sorted => field ??= [];
    private Dictionary<Origin, int> SlotsOf => field ??= [];
    private Timestamp _nextOptimistic = new(long.MinValue);
    private PeerKey? _optimistic;
    private int _rounds;

    /// <summary>When the current ten-second round ends.</summary>
    public Timestamp NextRound { get; private set; } = new(long.MinValue);

    /// <summary>Writes the peers that get a slot to <paramref name="chosen"/>.</summary>
    /// <param name="candidates">All interested peers.</param>
    /// <param name="slots">The number of upload slots.</param>
    /// <param name="now">The current time.</param>
    /// <param name="chosen">Cleared, then filled.</param>
    public void Choose(List<UnchokeCandidate> candidates, int slots, Timestamp now, HashSet<PeerKey> chosen)
    {
        chosen.Clear();
        SlotsOf.Clear();
        Sorted.Clear();
        Sorted.AddRange(candidates);
        bool isRound = now >= NextRound;
        if (isRound)
            ChooseByRank(slots, now, chosen);
        else
            Keep(slots, chosen, candidate => candidate.Peer == _optimistic);
        Fill(slots, now, chosen, isRound, freeRiders: false);
        bool areOthersServed =
            Sorted.Exists(candidate => candidate is { IsFreeRider: false, IsIdle: false } && chosen.Contains(candidate.Peer));
        if (!areOthersServed)
            Fill(slots, now, chosen, isRound, freeRiders: true);

        // Idle slots that nobody waits for.
        foreach (UnchokeCandidate candidate in Sorted)
        {
            if (chosen.Count < slots && candidate.IsUnchoked && !(candidate.IsFreeRider && areOthersServed)
                && !chosen.Contains(candidate.Peer))
                Add(candidate, chosen);
        }
    }

    // Even at the start of a round, a peer does not lose a slot that it has only just got. The remaining slots go to waiting peers first,
    // then to those that have one. Free-riders wait for a round: others often want nothing for a moment only.
    private void Fill(int slots, Timestamp now, HashSet<PeerKey> chosen, bool isRound, bool freeRiders)
    {
        bool mayBegin = isRound || !freeRiders;
        Keep(slots, chosen, candidate => candidate.IsFreeRider == freeRiders && (!isRound || now - candidate.LastChange < Round));
        while (mayBegin && chosen.Count < slots && NextWaiting(now, chosen, candidate => candidate.IsFreeRider == freeRiders) is { } next)
            Add(next, chosen);
        Keep(slots, chosen, candidate => candidate.IsFreeRider == freeRiders);
    }

    private void Keep(int slots, HashSet<PeerKey> chosen, Predicate<UnchokeCandidate> which)
    {
        foreach (UnchokeCandidate candidate in Sorted)
        {
            if (chosen.Count < slots && candidate is { IsUnchoked: true, IsIdle: false } && !chosen.Contains(candidate.Peer)
                && which(candidate))
                Add(candidate, chosen);
        }
    }

    private void ChooseByRank(int slots, Timestamp now, HashSet<PeerKey> chosen)
    {
        NextRound = now + Round;
        if (now >= _nextOptimistic)
        {
            _nextOptimistic = now + OptimisticRound;
            _optimistic = null;
        }

        Sorted.Sort(static (a, b) => a.Rank != b.Rank
            ? b.Rank.CompareTo(a.Rank) : a.LastChange.CompareTo(b.LastChange));
        bool isTurnOfOthers = ++_rounds % RoundsOfOneSlot == 0;
        int fastest = slots == 1 && !isTurnOfOthers ? 1 : slots - 1;
        int mostOfOne = IsOneNetwork() ? slots : (slots + 1) / 2;
        foreach (UnchokeCandidate candidate in Sorted)
        {
            if (chosen.Count >= fastest)
                break;
            if (candidate is { Rank: > 0, IsIdle: false, IsFreeRider: false } && SlotsOf.GetValueOrDefault(candidate.Network) < mostOfOne)
                Add(candidate, chosen);
        }

        // The optimistically unchoked peer keeps its slot for half a minute, unless it does not use it.
        int lucky = Sorted.FindIndex(candidate => candidate.Peer == _optimistic && !candidate.IsIdle);
        UnchokeCandidate? optimistic = lucky >= 0 ? Sorted[lucky] : NextWaiting(now, chosen, HasTurn);
        _optimistic = optimistic?.Peer;
        if (optimistic is { IsFreeRider: true })
            _nextOptimistic = NextRound;
        if (optimistic is { } one && chosen.Count < slots)
            Add(one, chosen);

        bool HasTurn(UnchokeCandidate candidate) => !candidate.IsFreeRider || now - candidate.LastChange >= FreeRidersPause;
    }

    // The next of these peers without a slot: of the network with the fewest slots, then with the fewest wasted slots, then with the
    // longest wait.
    private UnchokeCandidate? NextWaiting(Timestamp now, HashSet<PeerKey> chosen, Predicate<UnchokeCandidate> which)
    {
        UnchokeCandidate? next = null;
        foreach (UnchokeCandidate candidate in Sorted)
        {
            if (!candidate.IsUnchoked && !chosen.Contains(candidate.Peer) && which(candidate)
                && (next is null || TurnOf(candidate, now).CompareTo(TurnOf(next.Value, now)) < 0))
                next = candidate;
        }

        return next;
    }

    private (int Slots, int Wasted, long Since, int Key) TurnOf(in UnchokeCandidate candidate, Timestamp now)
    {
        long waited = (now - candidate.LastChange).Ticks * (candidate.IsNewcomer ? NewcomersWeight : 1)
            / (candidate.IsFreeRider ? FreeRidersWeight : 1);
        return (SlotsOf.GetValueOrDefault(candidate.Network), candidate.WastedSlots, -waited, candidate.Peer.Value);
    }

    private bool IsOneNetwork() => !Sorted.Exists(candidate => candidate.Network != Sorted[0].Network);

    private void Add(in UnchokeCandidate candidate, HashSet<PeerKey> chosen)
    {
        if (chosen.Add(candidate.Peer))
            CollectionsMarshal.GetValueRefOrAddDefault(SlotsOf, candidate.Network, out _)++;
    }
}

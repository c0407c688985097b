using Freshet.Core.Pieces;

using Freshet.Core.Rates;

namespace Freshet.Core.Peers;

/// <summary>
/// Who may request of us: every ten seconds the fastest peers keep or get all slots but one, and the last goes round among the
/// others, half a minute each. A slot that falls free in between goes to whoever waited longest.
/// </summary>
internal sealed class Unchoker
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan OptimisticRound = TimeSpan.FromSeconds(30);

    private readonly List<UnchokeCandidate> _sorted = [];
    private Timestamp _nextOptimistic = new(long.MinValue);
    private PeerKey? _optimistic;

    /// <summary>When the ten seconds are over.</summary>
    public Timestamp NextRound { get; private set; } = new(long.MinValue);

    /// <summary>Writes the peers that are to have a slot into <paramref name="chosen"/>.</summary>
    /// <param name="candidates">All interested peers.</param>
    /// <param name="slots">How many may be unchoked.</param>
    /// <param name="now">The time.</param>
    /// <param name="chosen">Cleared, then filled.</param>
    public void Choose(List<UnchokeCandidate> candidates, int slots, Timestamp now, HashSet<PeerKey> chosen)
    {
        chosen.Clear();
        _sorted.Clear();
        _sorted.AddRange(candidates);
        if (now >= NextRound)
            ChooseByRate(slots, now, chosen);
        else
            Keep(slots, chosen);

        // What is left goes to those who waited longest.
        _sorted.Sort(static (a, b) => a.LastChange != b.LastChange ? a.LastChange.CompareTo(b.LastChange) : a.Peer.Value.CompareTo(b.Peer.Value));
        foreach (UnchokeCandidate candidate in _sorted)
        {
            if (chosen.Count >= slots)
                return;
            chosen.Add(candidate.Peer);
        }
    }

    private void Keep(int slots, HashSet<PeerKey> chosen)
    {
        foreach (UnchokeCandidate candidate in _sorted)
        {
            if (candidate.IsUnchoked && chosen.Count < slots)
                chosen.Add(candidate.Peer);
        }
    }

    private void ChooseByRate(int slots, Timestamp now, HashSet<PeerKey> chosen)
    {
        NextRound = now + Round;
        bool rotates = now >= _nextOptimistic;
        if (rotates)
        {
            _nextOptimistic = now + OptimisticRound;
            _optimistic = null;
        }

        _sorted.Sort(static (a, b) => a.BytesPerSecond != b.BytesPerSecond
            ? b.BytesPerSecond.CompareTo(a.BytesPerSecond) : a.LastChange.CompareTo(b.LastChange));
        int fastest = Math.Max(slots - 1, Math.Min(slots, 1));
        foreach (UnchokeCandidate candidate in _sorted)
        {
            if (chosen.Count >= fastest)
                break;
            if (candidate.BytesPerSecond > 0)
                chosen.Add(candidate.Peer);
        }

        if (_optimistic is null)
            _optimistic = LongestWaiting(chosen);
        else if (!_sorted.Exists(candidate => candidate.Peer == _optimistic))
            _optimistic = LongestWaiting(chosen);
        if (_optimistic is { } optimistic && chosen.Count < slots)
            chosen.Add(optimistic);
    }

    private PeerKey? LongestWaiting(HashSet<PeerKey> chosen)
    {
        UnchokeCandidate? longest = null;
        foreach (UnchokeCandidate candidate in _sorted)
        {
            if (!candidate.IsUnchoked && !chosen.Contains(candidate.Peer) && (longest is null || candidate.LastChange < longest.Value.LastChange))
                longest = candidate;
        }

        return longest?.Peer;
    }
}

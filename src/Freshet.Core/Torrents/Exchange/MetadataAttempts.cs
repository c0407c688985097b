using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents.Exchange;

/// <summary>
/// Which sizes of the metadata are attempted, and with which peers. There are never more than
/// <see cref="ExchangeLimits.MaxMetadataAttempts"/> attempts at once, nor more than <see cref="ExchangeLimits.MaxMetadataBytes"/> together.
/// A size has one attempt with all its peers or, after that failed, one attempt per peer. A waiting attempt gets its turn when another
/// stalls or takes too long.
/// </summary>
internal sealed class MetadataAttempts(Random random)
{
    private const int MostDoublings = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan TimeForAPiece = TimeSpan.FromSeconds(1);

    private readonly List<MetadataAttempt> _running = [];
    private readonly Dictionary<int, MetadataSize> _sizes = [];

    /// <summary>The number of pieces that have arrived in the most advanced attempt, and the number it needs.</summary>
    public (int Have, int Count) Furthest
    {
        get
        {
            (int Have, int Count) furthest = default;
            foreach (MetadataAttempt attempt in _running)
            {
                if (furthest.Count == 0 || attempt.Have > furthest.Have)
                    furthest = (attempt.Have, attempt.PieceCount);
            }

            return furthest;
        }
    }

    public bool Contains(MetadataAttempt attempt) => _running.Contains(attempt);

    public bool Remove(MetadataAttempt attempt) => _running.Remove(attempt);

    public void Clear() => _running.Clear();

    /// <summary>A peer claims a size, 0 for none. This replaces its earlier claim.</summary>
    public void OnClaim(MetadataPeer peer, int size)
    {
        if (peer.Size > 0)
        {
            MetadataSize before = _sizes[peer.Size];
            before.RemoveClaim(peer.Peer.Network);
            if (before.Votes == 0)
                _sizes.Remove(peer.Size);
            _running.RemoveAll(attempt => attempt.Source == peer.Peer.Key);
        }

        peer.Size = size;
        if (size == 0)
            return;
        if (!_sizes.TryGetValue(size, out MetadataSize? claimed))
            _sizes[size] = claimed = new MetadataSize();
        claimed.AddClaim(peer.Peer.Network);
    }

    /// <summary>Pieces from several peers of a size, put together, did not match the info-hash.</summary>
    public void OnMixed(int size)
    {
        if (_sizes.TryGetValue(size, out MetadataSize? claimed))
            claimed.IsMixed = true;
    }

    /// <summary>Starts as many attempts as allowed.</summary>
    public void StartAll(IReadOnlyCollection<MetadataPeer> peers, Timestamp now)
    {
        while (_running.Count < ExchangeLimits.MaxMetadataAttempts && BestWaiting(peers, fits: true, now) is { } peer)
            _running.Add(new MetadataAttempt(peer.Size, _sizes[peer.Size].IsMixed ? peer.Peer.Key : null, now));
    }

    /// <summary>What can be requested from a peer; false if nothing.</summary>
    public bool TryPick(MetadataPeer peer, [NotNullWhen(true)] out MetadataAttempt? picked, out int piece)
    {
        foreach (MetadataAttempt attempt in _running)
        {
            bool isFor = attempt.Size == peer.Size && (attempt.Source is null || attempt.Source == peer.Peer.Key);
            if (!isFor || attempt.NextFor(peer) is not { } next)
                continue;
            (picked, piece) = (attempt, next);
            return true;
        }

        (picked, piece) = (null, 0);
        return false;
    }

    /// <summary>Abandons the attempt that has stalled for longest, if there is one and another waits.</summary>
    public void MakeRoom(IReadOnlyCollection<MetadataPeer> peers, Timestamp now)
    {
        MetadataAttempt? stalled = null;
        foreach (MetadataAttempt attempt in _running)
        {
            if (HasHadItsTime(attempt, now) && (stalled is null || attempt.LastProgress < stalled.LastProgress))
                stalled = attempt;
        }

        if (stalled is null || BestWaiting(peers, fits: false, now) is null)
            return;
        _running.Remove(stalled);
        if (_sizes.TryGetValue(stalled.Size, out MetadataSize? claimed))
            claimed.Failures++;
        foreach (MetadataPeer peer in peers)
            peer.FailuresAlone += peer.Peer.Key == stalled.Source ? 1 : 0;
    }

    // A size that was abandoned before gets twice the time, so that even slow peers eventually finish, whatever else waits.
    private bool HasHadItsTime(MetadataAttempt attempt, Timestamp now)
    {
        if (!_sizes.TryGetValue(attempt.Size, out MetadataSize? claimed))
            return true;
        TimeSpan most = (Patience + (attempt.PieceCount * TimeForAPiece)) * (1 << Math.Min(claimed.Failures, MostDoublings));
        return now - attempt.LastProgress >= Patience || now - attempt.StartedAt >= most;
    }

    // The peer whose attempt is the most promising among those not started: prefers sizes that were never abandoned, then the size that
    // most networks claim; ties are broken at random.
    private MetadataPeer? BestWaiting(IReadOnlyCollection<MetadataPeer> peers, bool fits, Timestamp now)
    {
        long room = ExchangeLimits.MaxMetadataBytes - _running.Sum(static attempt => (long)attempt.Size);
        MetadataPeer? best = null;
        (int Failures, int Against, int Chance) bestRank = default;
        foreach (MetadataPeer peer in peers)
        {
            if (!peer.CanBeAsked(now) || (fits && peer.Size > room) || IsUnderWay(peer))
                continue;
            MetadataSize size = _sizes[peer.Size];
            (int, int, int) rank = (size.Failures + peer.FailuresAlone, -size.Votes, random.Next());
            if (best is null || rank.CompareTo(bestRank) < 0)
                (best, bestRank) = (peer, rank);
        }

        return best;
    }

    private bool IsUnderWay(MetadataPeer peer)
    {
        bool isMixed = _sizes[peer.Size].IsMixed;
        foreach (MetadataAttempt attempt in _running)
        {
            if (attempt.Size == peer.Size && (!isMixed || attempt.Source == peer.Peer.Key))
                return true;
        }

        return false;
    }
}

using System.Runtime.InteropServices;

namespace Freshet.Core.Dht.Searching;

/// <summary>
/// An iterative lookup of the nodes of one address family that are closest to a target (BEP 5): a few are queried at once, the closest
/// first, until the closest nodes that answer have all been queried. Candidates are sorted by distance. Only one node per network counts
/// (<see cref="NodeAddress.Network"/>), so that whoever has a range of addresses cannot take all places next to a target. Nor can whoever
/// names any number of nodes there: the closest nodes are sought three times (<see cref="IdTrust"/>), among those whose ids go with their
/// addresses (BEP 42), then with those that nothing speaks against, since many honest nodes have ids of any kind, and at last among all. Of
/// those that are not secure, a limited number is queried. However many nodes are reported, a lookup has an end:
/// <see cref="DhtLimits.MaxDhtQueriesPerLookup"/>; and some of its queries are only for nodes that more than one has named, since a liar
/// names as many as it likes.
/// </summary>
internal sealed class Lookup(Search search, DhtSide side)
{
    // Anybody can make up addresses in the network of a node, which must not keep that node out: those that did not answer no longer count,
    // and more are queried of those that were named twice.
    private const int MostOfNetwork = 3;
    private const int MostAskedOfNetwork = 2 * MostOfNetwork;
    private const int MostConfirmedOfNetwork = 2 * MostAskedOfNetwork;
    private const int MostDoubtful = 32;
    private const int MostInsecure = 48;

    // The closest node shares this many bits more with the target than usual for one target in eight. While we do not know how many nodes
    // there are, four billion are as many as there can be.
    private const int MostUnusualBits = 3;
    private const int MostBits = 32;
    private static readonly NodeId Farthest = new(ulong.MaxValue, ulong.MaxValue, uint.MaxValue);

    // An id that has more bits in common with the target is doubtful.
    private readonly int _longestPrefix = Math.Min(side.Table.UsualPrefix + MostUnusualBits, MostBits);
    private readonly List<Candidate> _candidates = [];
    private readonly Dictionary<NodeAddress, int> _networks = [];
    private readonly Dictionary<NodeAddress, int> _askedOfNetwork = [];
    private readonly HashSet<NodeAddress> _answered = [];

    // Who was the first to name a node. It has an end, since each answer names a few, and answers are limited.
    private readonly Dictionary<NodeInfo, NodeAddress> _firstTellers = [];
    private int _underWay;
    private int _asked;
    private int _unconfirmedAsked;
    private int _insecureAsked;
    private int _doubtfulAsked;
    private bool _hasBeginnings;

    public Search Search { get; } = search;

    public DhtSide Side { get; } = side;

    /// <summary>The longest chain of queries to an answer so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>The closest nodes that answered and can be announced to: of all, of those not in doubt, and of the secure ones.</summary>
    public IEnumerable<Candidate> Announceable()
    {
        int[] places = new int[(int)IdTrust.Secure + 1];
        foreach (Candidate one in _candidates)
        {
            if (one.State != CandidateState.Answered || one.Token.Length == 0 || Side.Beginnings.IsRouter(one.Info.Address))
                continue;
            bool isAmong = false;
            for (IdTrust trust = IdTrust.Doubtful; trust <= one.Trust; trust++)
                isAmong |= places[(int)trust]++ < DhtLimits.DhtBucketSize;
            if (isAmong)
                yield return one;
        }
    }

    public bool IsEmpty => _candidates.Count == 0;

    /// <summary>
    /// Whether the nodes that we knew are gone, or most of them, so that bootstrap nodes have to be queried for others.
    /// </summary>
    public bool NeedsBeginnings => !_hasBeginnings && _answered.Count < DhtLimits.DhtBucketSize && HasNothingLeft;

    /// <summary>Whether it ended because its queries were used up, though closer nodes had been named.</summary>
    public bool IsCutShort =>
        _asked >= DhtLimits.MaxDhtQueriesPerLookup
        || IsCutShortOf(IdTrust.Secure) || IsCutShortOf(IdTrust.Plausible) || IsCutShortOf(IdTrust.Doubtful);

    /// <summary>Adds a node whose id was reported, or confirms one that another node has named.</summary>
    /// <param name="info">The node.</param>
    /// <param name="depth">How many nodes were queried in sequence to learn of it.</param>
    /// <param name="teller">The node that named it; null if it is of our routing table.</param>
    /// <param name="isDoubted">Whether that node is doubtful (<see cref="Candidate.IsDoubtful"/>).</param>
    public void Add(NodeInfo info, int depth, NodeAddress? teller = null, bool isDoubted = false)
    {
        IdTrust trust = TrustOf(info, isDoubted);
        bool isConfirmed = teller is null;
        if (teller is { } named && !_firstTellers.TryAdd(info, named.Network))
            isConfirmed = _firstTellers[info] != named.Network;
        if (_networks.ContainsKey(info.Address.Network) && _candidates.Find(other => other.Info == info) is { } known)
        {
            known.IsConfirmed |= isConfirmed;
            known.Trust = known.Trust > trust ? known.Trust : trust;
            return;
        }

        Insert(new Candidate
        {
            Info = info,
            IsNamed = true,
            Distance = info.Id.DistanceTo(Search.Target),
            Trust = trust,
            IsConfirmed = isConfirmed,
            Depth = depth,
        });
    }

    /// <summary>Adds bootstrap nodes, whose ids are unknown.</summary>
    public void AddBeginnings(IEnumerable<NodeAddress> addresses)
    {
        _hasBeginnings = true;
        foreach (NodeAddress address in addresses)
        {
            Insert(new Candidate
            {
                Info = new NodeInfo(default, address),
                IsNamed = false,
                Distance = Farthest,
                Trust = IdTrust.Secure,
                IsConfirmed = true,
                Depth = 0,
            });
        }
    }

    /// <summary>The next node to query; null if there is none, for now or for good.</summary>
    public Candidate? Next()
    {
        if (_underWay >= DhtLimits.DhtParallelQueries)
            return null;
        return Next(IdTrust.Secure) ?? Next(IdTrust.Plausible) ?? Next(IdTrust.Doubtful);
    }

    /// <summary>Whether there is nothing left to query or to wait for.</summary>
    public bool IsDone => HasNothingLeft && !NeedsBeginnings;

    public void OnAsked(Candidate candidate)
    {
        candidate.State = CandidateState.Asked;
        _underWay++;
        _asked++;
        _unconfirmedAsked += candidate.IsConfirmed ? 0 : 1;
        _insecureAsked += candidate.Trust < IdTrust.Secure ? 1 : 0;
        _doubtfulAsked += candidate.Trust < IdTrust.Plausible ? 1 : 0;
        CollectionsMarshal.GetValueRefOrAddDefault(_askedOfNetwork, candidate.Info.Address.Network, out _)++;
    }

    public void OnSlow(Candidate candidate)
    {
        candidate.State = CandidateState.Slow;
        _underWay--;
    }

    public void OnFailed(Candidate candidate)
    {
        if (candidate.State == CandidateState.Asked)
            _underWay--;
        Fail(candidate);
    }

    /// <summary>
    /// A node answered with its id; false if the answer is ignored because another node of its network has answered. A node that answers
    /// with an id other than the reported one does not count among the closest, since nobody must get closer to the target by merely
    /// claiming so. What it says may still be used, though with doubt: it may have changed its id (BEP 42), and is queried again if it is
    /// reported with the new id.
    /// </summary>
    public bool OnAnswered(Candidate candidate, NodeId id, ReadOnlySpan<byte> token)
    {
        if (candidate.State == CandidateState.Asked)
            _underWay--;
        bool isOther = candidate.IsNamed && candidate.Info.Id != id;
        bool isFirst = !_answered.Contains(candidate.Info.Address.Network);
        candidate.IsDoubtful = isOther || candidate.Trust == IdTrust.Doubtful;
        if (isOther || !isFirst)
        {
            Fail(candidate);
            return isFirst;
        }

        _answered.Add(candidate.Info.Address.Network);
        candidate.State = CandidateState.Answered;
        candidate.Token = token.ToArray();
        Rounds = Math.Max(Rounds, candidate.Depth + 1);
        if (!candidate.IsNamed)
            Name(candidate, id);
        return true;
    }

    private bool HasNothingLeft => IsDoneOf(IdTrust.Secure) && IsDoneOf(IdTrust.Plausible) && IsDoneOf(IdTrust.Doubtful);

    private IdTrust TrustOf(NodeInfo info, bool isDoubted)
    {
        if (SecureNodeId.IsValid(info.Id, info.Address))
            return IdTrust.Secure;
        return isDoubted || info.Id.CommonPrefix(Search.Target) > _longestPrefix ? IdTrust.Doubtful : IdTrust.Plausible;
    }

    private Candidate? Next(IdTrust least)
    {
        int closest = 0;
        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Trust < least)
                continue;
            if (MayBeAsked(candidate))
                return candidate;
            if (candidate.State is CandidateState.Answered or CandidateState.Asked && ++closest == DhtLimits.DhtBucketSize)
                return null;
        }

        return null;
    }

    private bool IsDoneOf(IdTrust least)
    {
        int answered = 0;
        bool waits = false;
        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Trust < least)
                continue;
            if (candidate.State == CandidateState.Asked || MayBeAsked(candidate))
                return false;
            waits |= candidate.State == CandidateState.Slow;
            if (candidate.State == CandidateState.Answered && ++answered == DhtLimits.DhtBucketSize)
                return true;
        }

        return !waits;
    }

    private bool IsCutShortOf(IdTrust least)
    {
        int answered = 0;
        foreach (Candidate candidate in _candidates)
        {
            if (candidate.Trust < least)
                continue;
            if (candidate.State == CandidateState.New && IsOfUse(candidate) && !HasQueriesFor(candidate))
                return true;
            if (candidate.State == CandidateState.Answered && ++answered == DhtLimits.DhtBucketSize)
                return false;
        }

        return false;
    }

    private bool MayBeAsked(Candidate candidate) =>
        candidate.State == CandidateState.New && HasQueriesFor(candidate) && IsOfUse(candidate);

    private bool HasQueriesFor(Candidate candidate) =>
        _asked < DhtLimits.MaxDhtQueriesPerLookup
        && (candidate.IsConfirmed || _unconfirmedAsked < DhtLimits.MaxDhtUnconfirmedQueriesPerLookup);

    private bool IsOfUse(Candidate candidate) =>
        (candidate.Trust == IdTrust.Secure || _insecureAsked < MostOf(MostInsecure, candidate))
        && (candidate.Trust >= IdTrust.Plausible || _doubtfulAsked < MostOf(MostDoubtful, candidate))
        && !_answered.Contains(candidate.Info.Address.Network)
        && _askedOfNetwork.GetValueOrDefault(candidate.Info.Address.Network)
            < (candidate.IsConfirmed ? MostConfirmedOfNetwork : MostAskedOfNetwork);

    private static int MostOf(int unconfirmed, Candidate candidate) =>
        candidate.IsConfirmed ? unconfirmed + (unconfirmed / 2) : unconfirmed;

    private void Fail(Candidate candidate)
    {
        candidate.State = CandidateState.Failed;
        _networks[candidate.Info.Address.Network]--;
    }

    private void Name(Candidate candidate, NodeId id)
    {
        _candidates.Remove(candidate);
        candidate.Info = candidate.Info with { Id = id };
        candidate.IsNamed = true;
        candidate.Distance = id.DistanceTo(Search.Target);
        candidate.Trust = TrustOf(candidate.Info, isDoubted: false);
        _candidates.Insert(PlaceOf(candidate.Distance), candidate);
    }

    private void Insert(Candidate candidate)
    {
        NodeAddress network = candidate.Info.Address.Network;
        if (!IsOfUse(candidate)
            || (_networks.GetValueOrDefault(network) >= MostOfNetwork && !TryReplaceDoubtful(candidate, network))
            || (_candidates.Count >= DhtLimits.MaxDhtCandidates && !TryMakeRoomFor(candidate)))
            return;
        _candidates.Insert(PlaceOf(candidate.Distance), candidate);
        CollectionsMarshal.GetValueRefOrAddDefault(_networks, network, out _)++;
    }

    // One that a single node has named gives its network's place to one that two have named; then one whose id may have been chosen gives
    // it to one whose id was not.
    private bool TryReplaceDoubtful(Candidate candidate, NodeAddress network)
    {
        int last = _candidates.FindLastIndex(other => other.State == CandidateState.New && other.Info.Address.Network == network
            && (candidate.IsConfirmed, candidate.Trust).CompareTo((other.IsConfirmed, other.Trust)) > 0);
        if (last < 0)
            return false;
        _candidates.RemoveAt(last);
        _networks[network]--;
        return true;
    }

    // The farthest that is of no more use gives way to a closer one; one whose id is more likely to have been chosen, to any other. Those
    // that more than one node has named do not give way to what a single one says.
    private bool TryMakeRoomFor(Candidate candidate)
    {
        int last = -1;
        for (IdTrust trust = IdTrust.Doubtful; trust <= candidate.Trust && last < 0; trust++)
            last = _candidates.FindLastIndex(other => other.Trust == trust && MayLeave(other, candidate));
        bool isOutranked = last >= 0 && _candidates[last].Trust < candidate.Trust;
        if (last < 0 || (!isOutranked && _candidates[last].Distance.CompareTo(candidate.Distance) <= 0))
            return false;
        Candidate farthest = _candidates[last];
        _candidates.RemoveAt(last);
        if (farthest.State == CandidateState.New)
            _networks[farthest.Info.Address.Network]--;
        return true;
    }

    private static bool MayLeave(Candidate known, Candidate candidate) => known.State == CandidateState.Failed
        || (known.State == CandidateState.New && (candidate.IsConfirmed || !known.IsConfirmed));

    private int PlaceOf(NodeId distance)
    {
        int low = 0, high = _candidates.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_candidates[middle].Distance.CompareTo(distance) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}

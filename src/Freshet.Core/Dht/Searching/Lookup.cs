using System.Runtime.InteropServices;

namespace Freshet.Core.Dht.Searching;

/// <summary>
/// An iterative lookup of the nodes of one address family that are closest to a target (BEP 5): a few are queried at once, the closest
/// first, until the closest nodes that answer have all been queried. Candidates are sorted by distance. Only one node per network counts
/// (<see cref="NodeAddress.Network"/>), so that whoever has a range of addresses cannot take all places next to a target. Nor can whoever
/// names any number of nodes there: the closest nodes are sought twice, among those whose ids go with their addresses (BEP 42), which come
/// first, and among all, of which a limited number is queried. However many nodes are reported, a lookup has an end:
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
    private const int MostInsecure = 32;
    private const int MostConfirmedInsecure = MostInsecure + (MostInsecure / 2);
    private static readonly NodeId Farthest = new(ulong.MaxValue, ulong.MaxValue, uint.MaxValue);

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
    private bool _hasBeginnings;

    public Search Search { get; } = search;

    public DhtSide Side { get; } = side;

    /// <summary>The longest chain of queries to an answer so far.</summary>
    public int Rounds { get; private set; }

    /// <summary>The closest nodes that answered and can be announced to, of all and of those with secure ids.</summary>
    public IEnumerable<Candidate> Announceable()
    {
        int ofAll = 0, secure = 0;
        foreach (Candidate one in _candidates)
        {
            if (one.State != CandidateState.Answered || one.Token.Length == 0 || Side.Beginnings.IsRouter(one.Info.Address))
                continue;
            if (ofAll++ < DhtLimits.DhtBucketSize | (one.IsSecure && secure++ < DhtLimits.DhtBucketSize))
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
        _asked >= DhtLimits.MaxDhtQueriesPerLookup || IsCutShortOf(onlySecure: true) || IsCutShortOf(onlySecure: false);

    /// <summary>Adds a node whose id was reported, or confirms one that another node has named.</summary>
    /// <param name="info">The node.</param>
    /// <param name="depth">How many nodes were queried in sequence to learn of it.</param>
    /// <param name="teller">The node that named it; null if it is of our routing table.</param>
    public void Add(NodeInfo info, int depth, NodeAddress? teller = null)
    {
        bool isConfirmed = teller is null;
        if (teller is { } named && !_firstTellers.TryAdd(info, named.Network))
            isConfirmed = _firstTellers[info] != named.Network;
        if (_networks.ContainsKey(info.Address.Network) && _candidates.Find(other => other.Info == info) is { } known)
        {
            known.IsConfirmed |= isConfirmed;
            return;
        }

        Insert(new Candidate
        {
            Info = info,
            IsNamed = true,
            Distance = info.Id.DistanceTo(Search.Target),
            IsSecure = SecureNodeId.IsValid(info.Id, info.Address),
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
                IsSecure = true,
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
        return Next(onlySecure: true) ?? Next(onlySecure: false);
    }

    /// <summary>Whether there is nothing left to query or to wait for.</summary>
    public bool IsDone => HasNothingLeft && !NeedsBeginnings;

    public void OnAsked(Candidate candidate)
    {
        candidate.State = CandidateState.Asked;
        _underWay++;
        _asked++;
        _unconfirmedAsked += candidate.IsConfirmed ? 0 : 1;
        _insecureAsked += candidate.IsSecure ? 0 : 1;
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
    /// claiming so. What it says may still be used: it may have changed its id (BEP 42), and is queried again if it is reported with the
    /// new id.
    /// </summary>
    public bool OnAnswered(Candidate candidate, NodeId id, ReadOnlySpan<byte> token)
    {
        if (candidate.State == CandidateState.Asked)
            _underWay--;
        bool isOther = candidate.IsNamed && candidate.Info.Id != id;
        bool isFirst = !_answered.Contains(candidate.Info.Address.Network);
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

    private bool HasNothingLeft => IsDoneOf(onlySecure: true) && IsDoneOf(onlySecure: false);

    private Candidate? Next(bool onlySecure)
    {
        int closest = 0;
        foreach (Candidate candidate in _candidates)
        {
            if (onlySecure && !candidate.IsSecure)
                continue;
            if (MayBeAsked(candidate))
                return candidate;
            if (candidate.State is CandidateState.Answered or CandidateState.Asked && ++closest == DhtLimits.DhtBucketSize)
                return null;
        }

        return null;
    }

    private bool IsDoneOf(bool onlySecure)
    {
        int answered = 0;
        bool waits = false;
        foreach (Candidate candidate in _candidates)
        {
            if (onlySecure && !candidate.IsSecure)
                continue;
            if (candidate.State == CandidateState.Asked || MayBeAsked(candidate))
                return false;
            waits |= candidate.State == CandidateState.Slow;
            if (candidate.State == CandidateState.Answered && ++answered == DhtLimits.DhtBucketSize)
                return true;
        }

        return !waits;
    }

    private bool IsCutShortOf(bool onlySecure)
    {
        int answered = 0;
        foreach (Candidate candidate in _candidates)
        {
            if (onlySecure && !candidate.IsSecure)
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
        (candidate.IsSecure || _insecureAsked < (candidate.IsConfirmed ? MostConfirmedInsecure : MostInsecure))
        && !_answered.Contains(candidate.Info.Address.Network)
        && _askedOfNetwork.GetValueOrDefault(candidate.Info.Address.Network)
            < (candidate.IsConfirmed ? MostConfirmedOfNetwork : MostAskedOfNetwork);

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
        candidate.IsSecure = SecureNodeId.IsValid(id, candidate.Info.Address);
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
            && (candidate.IsConfirmed, candidate.IsSecure).CompareTo((other.IsConfirmed, other.IsSecure)) > 0);
        if (last < 0)
            return false;
        _candidates.RemoveAt(last);
        _networks[network]--;
        return true;
    }

    // The farthest that is of no more use gives way to a closer one; one whose id may have been chosen, to any whose id was not. Those that
    // more than one node has named do not give way to what a single one says.
    private bool TryMakeRoomFor(Candidate candidate)
    {
        int last = _candidates.FindLastIndex(other => !other.IsSecure && MayLeave(other, candidate));
        bool isOutranked = last >= 0 && candidate.IsSecure;
        if (last < 0 && candidate.IsSecure)
            last = _candidates.FindLastIndex(other => MayLeave(other, candidate));
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

using System.Net;
using Freshet.Core.Bencoding;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht.Searching;

/// <summary>
/// Runs searches: a few at once, while others are queued (<see cref="SearchQueue"/>). Each advances as answers arrive and as the query
/// budget allows; they take turns, so that none delays another.
/// </summary>
internal sealed class Searches(DhtContext dht)
{
    private readonly SearchQueue _waiting = new();
    private readonly List<Search> _active = [];
    private readonly NodeInfo[] _closest = new NodeInfo[2 * DhtLimits.DhtBucketSize];
    private readonly List<IPEndPoint> _news = [];
    private readonly Dictionary<NodeAddress, NodeAddress> _networks = [];
    private int _next;

    /// <summary>When the budget allows queries that could not be sent.</summary>
    public Timestamp NextDeadline { get; private set; } = Timestamp.Never;

    public int Waiting => _waiting.Count;

    public int Active => _active.Count;

    /// <summary>Starts or queues a search; false if too many are queued.</summary>
    public bool TryStart(Search search, Timestamp now)
    {
        if (!_waiting.TryAdd(search))
            return false;
        Pump(now);
        return true;
    }

    /// <summary>The result of a search is no longer wanted.</summary>
    public void Cancel(SearchKey key)
    {
        _waiting.Remove(key);
        if (_active.Find(search => search.Key == key) is not { } active)
            return;
        active.IsOver = true;
        _active.Remove(active);
    }

    /// <summary>A node answered a query of a search.</summary>
    public void OnAnswered(PendingQuery query, in KrpcMessage message, Timestamp now)
    {
        Search search = query.Search!;
        if (search.IsOver)
            return;
        if (query.Lookup is not { } lookup)
        {
            search.AnnouncesUnderWay--;
            if (query.Method == DhtMethod.GetPeers)
                search.Count(message.SeedFilter, message.PeerFilter);
            else
                search.Announced++;
        }
        else if (lookup.OnAnswered(query.Candidate!, message.Id, message.Token))
        {
            search.Answers++;
            AddNodes(search, message.Nodes, NodeInfo.V4Length, query.Candidate!);
            AddNodes(search, message.Nodes6, NodeInfo.V6Length, query.Candidate!);
            if (search.Kind == SearchKind.Peers)
                TakePeers(search, message.Values);
            search.Item?.OnAnswer(message, search.Target);
        }

        Pump(now);
    }

    /// <summary>A node is late; another is queried in the meantime.</summary>
    public void OnSlow(PendingQuery query, Timestamp now)
    {
        if (query.Lookup is { } lookup && !lookup.Search.IsOver)
            lookup.OnSlow(query.Candidate!);
        Pump(now);
    }

    /// <summary>A node did not answer, or its answer was invalid.</summary>
    public void OnFailed(PendingQuery query, Timestamp now)
    {
        Search search = query.Search!;
        if (query.Lookup is { } lookup)
            lookup.OnFailed(query.Candidate!);
        else
            search.AnnouncesUnderWay--;
        Pump(now);
    }

    /// <summary>Advances all searches as far as possible now.</summary>
    public void Pump(Timestamp now)
    {
        NextDeadline = Timestamp.Never;
        while (_waiting.TakeNext(_active) is { } search)
            Begin(search, now);

        for (int turns = _active.Count; turns > 0 && _active.Count > 0; turns--)
        {
            _next = (_next + 1) % _active.Count;
            if (!Advance(_active[_next], now))
            {
                // The next turn begins with the search that could not continue.
                _next--;
                WaitForBudget(now);
                break;
            }
        }

        for (int i = _active.Count - 1; i >= 0; i--)
            EndIfDone(_active[i], now);
    }

    private void Begin(Search search, Timestamp now)
    {
        search.Began = now;
        foreach (DhtSide side in dht.Sides)
        {
            if (search.OnlySide is null || search.OnlySide == side)
                search.Lookups.Add(NewLookup(search, side, now));
        }

        _active.Add(search);
    }

    private Lookup NewLookup(Search search, DhtSide side, Timestamp now)
    {
        Lookup lookup = new(search, side);
        int count = side.Table.Closest(search.Target, _closest);
        foreach (NodeInfo node in _closest.AsSpan(0, count))
            lookup.Add(node, depth: 0);
        if (count < DhtLimits.DhtBucketSize)
            lookup.AddBeginnings(side.Beginnings.Pick(dht.Random));

        side.Table.Touch(side.Table.Own.CommonPrefix(search.Target), now);
        return lookup;
    }

    // False if the budget does not allow a query that could be sent.
    private bool Advance(Search search, Timestamp now)
    {
        while (search.Owed.TryPeek(out LastQuery last))
        {
            if (!TrySend(search, last, now))
                return false;
            search.Owed.Dequeue();
        }

        foreach (Lookup lookup in search.Lookups)
        {
            if (!search.IsAnnouncing && lookup.NeedsBeginnings)
                lookup.AddBeginnings(lookup.Side.Beginnings.Pick(dht.Random));
            while (!search.IsAnnouncing && lookup.Next() is { } candidate)
            {
                if (!dht.Queries.TrySend(lookup, candidate, QueryOf(search), now))
                    return false;
                lookup.OnAsked(candidate);
                search.Queries++;
            }
        }

        return true;
    }

    private static KrpcQuery QueryOf(Search search)
    {
        AddressFamilies want = AddressFamilies.None;
        if (search.Lookups.Count > 1)
            want = AddressFamilies.V4 | AddressFamilies.V6;
        return new KrpcQuery
        {
            Method = search.Kind switch
            {
                SearchKind.Peers => DhtMethod.GetPeers,
                SearchKind.Item => DhtMethod.Get,
                _ => DhtMethod.FindNode,
            },
            Target = search.Target,
            Want = want,
        };
    }

    private void EndIfDone(Search search, Timestamp now)
    {
        bool isDone = search.Item is { IsSettled: true } || search.Lookups.TrueForAll(static lookup => lookup.IsDone);
        if (!search.IsAnnouncing && isDone)
        {
            search.IsAnnouncing = true;
            dht.Counts.LookupsCutShort += search.Lookups.Count(static lookup => lookup.IsDone && lookup.IsCutShort);
            OweLast(search);
            if (!Advance(search, now))
                WaitForBudget(now);
        }

        if (!search.IsAnnouncing || search.AnnouncesUnderWay > 0 || search.Owed.Count > 0)
            return;
        search.IsOver = true;
        _active.Remove(search);
        if (search.Key is { } key)
            dht.Effects.SearchEnded(key, ReportOf(search, now));
    }

    // Queues the final queries to the closest nodes. Those that the budget does not allow at once are sent later.
    private static void OweLast(Search search)
    {
        if (search.Item is { Make: { } make } item)
            item.Put = make(item.Found);
        foreach (Candidate candidate in search.Lookups.SelectMany(static lookup => lookup.Announceable()))
        {
            if (search.Announce is not null)
                search.Owed.Enqueue(new LastQuery(candidate, DhtMethod.AnnouncePeer));
            if (search.Scrapes)
                search.Owed.Enqueue(new LastQuery(candidate, DhtMethod.GetPeers));
            if (search.Item?.Put is not null)
                search.Owed.Enqueue(new LastQuery(candidate, DhtMethod.Put));
        }
    }

    private bool TrySend(Search search, LastQuery last, Timestamp now)
    {
        Candidate candidate = last.Candidate;
        DhtSide side = dht.SideOf(candidate.Info.Address.IsV6)!;
        if (!dht.Queries.TrySend(side, candidate.Info.Address, candidate.Info.Id, QueryOf(search, last), now, search))
            return false;
        search.Queries++;
        search.AnnouncesUnderWay++;
        return true;
    }

    private static KrpcQuery QueryOf(Search search, LastQuery last) => last.Method switch
    {
        DhtMethod.AnnouncePeer => search.Announce!.Value.QueryFor(search.Target, last.Candidate),
        DhtMethod.Put => new KrpcQuery
        {
            Method = DhtMethod.Put,
            Token = last.Candidate.Token,
            Item = search.Item!.Put,
            ExpectedSequence = search.Item.ExpectedSequence,
        },

        // A separate query: libtorrent answers either with peers or with their number.
        _ => new KrpcQuery { Method = DhtMethod.GetPeers, Target = search.Target, WantsScrape = true },
    };

    private void WaitForBudget(Timestamp now) =>
        NextDeadline = now + TimeSpan.FromTicks(Math.Max(dht.Queries.Wait(now).Ticks, TimeSpan.TicksPerMillisecond));

    private void AddNodes(Search search, ReadOnlySpan<byte> nodes, int length, Candidate teller)
    {
        if (search.LookupOf(isV6: length == NodeInfo.V6Length) is not { } lookup)
            return;
        int most = Math.Min(nodes.Length, DhtLimits.MaxDhtNodesPerAnswer * length);
        _networks.Clear();
        for (int at = 0; at < most; at += length)
        {
            NodeInfo node = NodeInfo.Read(nodes.Slice(at, length));
            if (!dht.Accepts(node) || node.Id == lookup.Side.Table.Own)
                continue;

            // One node does not decide which of a network are known; but may know one by its old id and its new one.
            NodeAddress network = node.Address.Network;
            if (_networks.TryAdd(network, node.Address) || _networks[network] == node.Address)
                lookup.Add(node, teller.Depth + 1, teller.Info.Address, teller.IsDoubtful);
        }
    }

    private void TakePeers(Search search, ReadOnlySpan<byte> values)
    {
        if (values.IsEmpty)
            return;
        _news.Clear();

        // Those who name very many do not hide what others name after them.
        int left = Math.Max(DhtLimits.MaxDhtPeersFound - search.Found.Count, DhtLimits.MinDhtPeersPerAnswer);
        int most = Math.Min(left, DhtLimits.MaxDhtPeersPerAnswer);
        BencodeReader reader = new(values);
        while (_news.Count < most && reader.Read())
        {
            if (reader.Token != BencodeToken.String || !NodeAddress.TryRead(reader.String, out NodeAddress peer))
                continue;
            if (dht.Options.Allows(peer) && search.Found.Add(peer))
                _news.Add(peer.ToEndPoint());
        }

        if (_news.Count > 0 && search.Key is { } key)
            dht.Effects.PeersFound(key, [.. _news]);
    }

    private static SearchReport ReportOf(Search search, Timestamp now) => new()
    {
        Target = search.Target,
        Peers = search.Found.Count,
        Queries = search.Queries,
        Answers = search.Answers,
        Announced = search.Announced,
        Seeds = search.SeedFilter.Length == 0 ? null : PeerFilter.Estimate(search.SeedFilter),
        Leechers = search.PeerFilter.Length == 0 ? null : PeerFilter.Estimate(search.PeerFilter),
        Item = search.Item?.Found,
        Put = search.Item?.Put,
        Refusal = search.Item?.Refusal ?? 0,
        Rounds = search.Lookups.Max(static lookup => (int?)lookup.Rounds) ?? 0,
        Duration = now - search.Began,
        HadNoNodes = search.Lookups.TrueForAll(static lookup => lookup.IsEmpty),
    };
}

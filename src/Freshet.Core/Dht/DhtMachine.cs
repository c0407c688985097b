using System.Net;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// A DHT node (BEP 5). It has a method for each event and requests actions through <see cref="IDhtEffects"/>. It answers queries, searches
/// for peers, and maintains its routing tables, one per address family (BEP 32). No information about a node is trusted before that node
/// has answered a query of ours. This type only routes; the parts own the data.
/// </summary>
internal sealed class DhtMachine
{
    private readonly DhtContext _dht;
    private readonly PeerStore _peers;
    private readonly ItemAnswering _items;
    private readonly Searches _searches;
    private readonly Answering _answering;
    private readonly Upkeep _upkeep;

    /// <param name="options">The settings that never change.</param>
    /// <param name="effects">Receives the requested actions.</param>
    /// <param name="random">The source of all random decisions, including ids and tokens: it must be unpredictable from outside.</param>
    /// <param name="now">The current time.</param>
    public DhtMachine(DhtMachineOptions options, IDhtEffects effects, Random random, Timestamp now)
    {
        _dht = new DhtContext(options, effects, random, now);
        _peers = new PeerStore(random);
        _searches = new Searches(_dht);
        _items = new ItemAnswering(now);
        _answering = new Answering(_dht, _peers, _items, now);
        _upkeep = new Upkeep(_dht, _searches, _peers, _items.Store);
        foreach (NodeInfo node in options.Memory.Nodes)
        {
            if (options.Allows(node.Address))
                _dht.SideOf(node.Address.IsV6)?.Recall(node);
        }
    }

    /// <summary>When <see cref="OnDeadline"/> must be called if nothing else happens before.</summary>
    public Timestamp NextDeadline =>
        Timestamp.Min(Timestamp.Min(_dht.Queries.NextDeadline, _upkeep.NextDeadline), _searches.NextDeadline);

    /// <summary>Nodes in the routing tables.</summary>
    public int NodeCount
    {
        get
        {
            int count = 0;
            foreach (DhtSide side in _dht.Sides)
                count += side.Table.Count;
            return count;
        }
    }

    /// <summary>Adds bootstrap nodes, which are queried while few other nodes are known.</summary>
    public void AddBeginnings(IReadOnlyList<NodeAddress> addresses, BeginningKind kind, Timestamp now)
    {
        foreach (NodeAddress address in addresses)
        {
            if (address.IsStandIn ? _dht.Options.HasStandIns : _dht.Options.Allows(address))
                AddBeginning(address, kind);
        }

        _upkeep.OnBeginnings(now);
        _upkeep.Tick(now);
    }

    /// <summary>A peer or a torrent supplied the address of a node.</summary>
    public void OnHint(NodeAddress address, Timestamp now)
    {
        if (_dht.Options.Allows(address) && _dht.SideOf(address.IsV6) is { } side)
            _upkeep.OnHint(side, address, now);
    }

    /// <summary>
    /// Searches for peers of an info-hash, and announces us if requested. Answered by PeersFound, any number of times, and then
    /// SearchEnded.
    /// </summary>
    /// <returns>False if too many searches are queued; then no call follows.</returns>
    public bool FindPeers(
        SearchKey key, InfoHash infoHash, AnnounceAs? announce, SearchUrgency urgency, Timestamp now) => _searches.TryStart(
        new Search
        {
            Key = key,
            Target = NodeId.Of(infoHash),
            Kind = SearchKind.Peers,
            Urgency = urgency,
            Announce = announce,
            Scrapes = announce is null,
        },
        now);

    /// <summary>Searches for an item (BEP 44), and stores one at the end if requested. Answered by SearchEnded.</summary>
    /// <returns>False if too many searches are queued; then no call follows.</returns>
    public bool FindItem(SearchKey key, NodeId target, ItemSearch item, Timestamp now) => _searches.TryStart(
        new Search
        {
            Key = key,
            Target = target,
            Kind = SearchKind.Item,
            Urgency = SearchUrgency.Lacking,
            Item = item,
        },
        now);

    /// <summary>Ends a search silently.</summary>
    public void Cancel(SearchKey key) => _searches.Cancel(key);

    /// <summary>A datagram has arrived. It is dropped if it is malformed, unrequested or from an impossible address.</summary>
    public void OnDatagram(ReadOnlySpan<byte> datagram, NodeAddress sender, Timestamp now)
    {
        _dht.Counts.DatagramsIn++;
        _dht.Counts.BytesIn += datagram.Length;
        if (_dht.SideOf(sender.IsV6) is not { } side
            || !_dht.Options.Allows(sender)
            || !Handle(datagram, new DhtExchange(sender, datagram.Length, side, now)))
            _dht.Counts.Dropped++;
    }

    /// <summary>The deadline has been reached.</summary>
    public void OnDeadline(Timestamp now)
    {
        while (_dht.Queries.TryTakeSlow(now, out PendingQuery? slow))
        {
            if (slow.Search is not null)
                _searches.OnSlow(slow, now);
        }

        while (_dht.Queries.TryTakeLost(now, out PendingQuery? lost))
            OnFailed(lost, now);
        foreach (DhtSide side in _dht.Sides)
            FollowAddress(side, now);
        _upkeep.Tick(now);
        _searches.Pump(now);
    }

    public DhtStatus Status() => new()
    {
        Id = _dht.SideOf(isV6: false)?.Table.Own.ToString(),
        Id6 = _dht.SideOf(isV6: true)?.Table.Own.ToString(),
        Nodes = _dht.SideOf(isV6: false)?.Table.Count ?? 0,
        Nodes6 = _dht.SideOf(isV6: true)?.Table.Count ?? 0,
        Searches = _searches.Active,
        QueuedSearches = _searches.Waiting,
        LookupsCutShort = _dht.Counts.LookupsCutShort,
        StoredHashes = _peers.HashCount,
        StoredPeers = _peers.PeerCount,
        StoredItems = _items.Store.Count,
        DatagramsIn = _dht.Counts.DatagramsIn,
        DatagramsOut = _dht.Counts.DatagramsOut,
        BytesIn = _dht.Counts.BytesIn,
        BytesOut = _dht.Counts.BytesOut,
        Dropped = _dht.Counts.Dropped,
    };

    /// <summary>The state worth keeping for the next run.</summary>
    public DhtMemory Remember() => new(
        _dht.SideOf(isV6: false)?.Table.Own,
        _dht.SideOf(isV6: true)?.Table.Own,
        [.. _dht.Sides.SelectMany(static side => side.Remember())]);

    private bool Handle(ReadOnlySpan<byte> datagram, DhtExchange exchange)
    {
        if (KrpcReader.TryRead(datagram, out KrpcMessage message) != KrpcFault.None)
            return false;
        if (message.Kind == KrpcKind.Query)
        {
            // Somebody sends back a query of ours. Nobody waits for an answer.
            if (message.Id == exchange.Side.Table.Own)
                return false;
            bool isAnswered = _answering.OnQuery(message, exchange);
            if (isAnswered && !message.IsReadOnly)
                _upkeep.OnSeen(exchange.Side, new NodeInfo(message.Id, exchange.Sender), exchange.Now);
            return isAnswered;
        }

        if (!_dht.Queries.TryTake(message.Transaction, exchange.Sender, out PendingQuery? query))
            return false;
        _dht.Correspondents.OnProved(exchange.Sender, exchange.Now);
        if (message.Kind == KrpcKind.Error && query is { Method: DhtMethod.Put, Search.Item: { } item })
            item.Refusal = message.ErrorCode;
        if (message.Kind == KrpcKind.Error)
            OnRefused(query, exchange);
        else if (message.Id == exchange.Side.Table.Own)
            OnFailed(query, exchange.Now);
        else
            OnAnswered(query, message, exchange);
        return true;
    }

    private void OnAnswered(PendingQuery query, in KrpcMessage message, DhtExchange exchange)
    {
        NodeInfo node = new(message.Id, exchange.Sender);

        // Liars name each other with ids next to whatever is sought, and would soon be most of the nodes that we know.
        bool isKnown = query.Expected is null || query.Expected == message.Id || query.Side.Table.Has(exchange.Sender);
        if (isKnown && _dht.HasGoodId(node) && !message.IsReadOnly && !query.Side.Beginnings.IsRouter(exchange.Sender))
            query.Side.Table.OnAnswered(node, exchange.Now);
        if (query.Expected is { } expected && expected != message.Id)
            query.Side.Table.OnFailed(node with { Id = expected });
        if (message.SeenAs is { } seenAs && seenAs.IsV6 == query.Side.IsV6)
        {
            Origin voter = Origin.OfNetwork(exchange.Sender.ToEndPoint().Address);
            _dht.Addresses.Hear(seenAs.ToEndPoint().Address, ExternalAddressSources.Dht, voter);
            FollowAddress(query.Side, exchange.Now);
        }

        if (query.Search is null)
            _upkeep.OnPinged();
        else
            _searches.OnAnswered(query, message, exchange.Now);
    }

    // A node that refuses what not every node can do, such as a get (BEP 44), is alive and as good as before. Only a node that is of no use
    // refuses what every node can do.
    private void OnRefused(PendingQuery query, DhtExchange exchange)
    {
        if (query.Method is DhtMethod.Ping or DhtMethod.FindNode or DhtMethod.GetPeers)
        {
            OnFailed(query, exchange.Now);
            return;
        }

        if (query.Expected is { } expected)
            query.Side.Table.OnRefused(new NodeInfo(expected, exchange.Sender), exchange.Now);
        EndInVain(query, exchange.Now);
    }

    private void OnFailed(PendingQuery query, Timestamp now)
    {
        if (query.Expected is { } expected)
            query.Side.Table.OnFailed(new NodeInfo(expected, query.Target));
        EndInVain(query, now);
    }

    private void EndInVain(PendingQuery query, Timestamp now)
    {
        if (query.Search is null)
            _upkeep.OnPinged();
        else
            _searches.OnFailed(query, now);
    }

    // Other nodes add us to their routing tables only if our id matches our address (BEP 42).
    private void FollowAddress(DhtSide side, Timestamp now)
    {
        if (now - side.Became < DhtLimits.DhtIdLifetime || _dht.Addresses.Find(side.IsV6) is not { } believed)
            return;
        NodeAddress own = NodeAddress.From(new IPEndPoint(believed.Address, 0));
        if (SecureNodeId.IsValid(side.Table.Own, own))
            return;
        side.Become(SecureNodeId.Create(own, _dht.Random), now);
        _upkeep.OnBecame(side, now);
    }

    private void AddBeginning(NodeAddress address, BeginningKind kind) => _dht.SideOf(address.IsV6)?.Beginnings.Add(address, kind);
}

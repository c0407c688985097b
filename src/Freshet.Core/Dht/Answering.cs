using Freshet.Core.Dht.Items;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// Answers the queries of other nodes (BEP 5, BEP 32), within the limits per host and in total. An answer that would be too long contains
/// less.
/// </summary>
internal sealed class Answering(DhtContext dht, PeerStore peers, ItemAnswering items, Timestamp begin)
{
    // Each answer has different samples, so a node that wants more may ask again after a minute.
    private const int SampleSeconds = 60;

    private readonly TokenJar _tokens = new(dht.Random, begin);
    private readonly TokenBucket _budget = new(new DataRate(DhtLimits.DhtAnswerBytesPerSecond), begin, DhtLimits.DhtBurst);
    private readonly NodeInfo[] _nodes = new NodeInfo[DhtLimits.DhtBucketSize];
    private readonly NodeInfo[] _nodes6 = new NodeInfo[DhtLimits.DhtBucketSize];
    private readonly NodeAddress[] _values = new NodeAddress[DhtLimits.MaxDhtValues];
    private readonly NodeId[] _samples = new NodeId[DhtLimits.MaxDhtSamples];
    private readonly byte[] _seedFilter = new byte[PeerFilter.Length];
    private readonly byte[] _peerFilter = new byte[PeerFilter.Length];

    /// <summary>Answers a query, or does not; false if it was dropped.</summary>
    public bool OnQuery(in KrpcMessage query, DhtExchange exchange)
    {
        if (dht.Options.IsReadOnly || !dht.Correspondents.Admit(exchange.Sender, exchange.Now))
            return false;
        switch (query.Method)
        {
            case DhtMethod.Ping:
                return Answer(query, exchange, default);
            case DhtMethod.GetPeers when query.Target is { } infoHash:
                return OnGetPeers(query, infoHash, exchange);
            case DhtMethod.AnnouncePeer when query.Target is { } infoHash:
                return OnAnnounce(query, infoHash, exchange);
            case DhtMethod.SampleInfohashes when query.Target is { } target:
                return OnSample(query, target, exchange);
            case DhtMethod.Get when query.Target is { } target:
                return OnGet(query, target, exchange);
            case DhtMethod.Put:
                return OnPut(query, exchange);
            case DhtMethod.FindNode or DhtMethod.Unknown when query.Target is { } target:
                // A query with an unknown method but with a target is answered with the closest nodes (BEP 5).
                return Answer(query, exchange, NodesNear(query, target, exchange.Side));
            case DhtMethod.Unknown:
                return Refuse(query, exchange, KrpcError.MethodUnknown, "Method Unknown");
            default:
                return Refuse(query, exchange, KrpcError.Protocol, "Missing argument");
        }
    }

    private bool OnGetPeers(in KrpcMessage query, NodeId infoHash, DhtExchange exchange)
    {
        Span<byte> token = stackalloc byte[TokenJar.Length];
        _tokens.Write(exchange.Sender, infoHash, exchange.Now, token);
        KrpcAnswer nodes = NodesNear(query, infoHash, exchange.Side);
        Span<NodeAddress> values = _values.AsSpan(0, exchange.Side.IsV6 ? DhtLimits.MaxDhtValuesV6 : DhtLimits.MaxDhtValues);
        int found = peers.Sample(infoHash, exchange.Side.IsV6, query.WantsNoSeeds, values, exchange.Now);
        bool isScraped = query.WantsScrape && peers.Peers(infoHash, exchange.Now).Count > 0 && IsProven(exchange);
        if (isScraped)
            Scrape(infoHash, exchange.Now);
        return Answer(query, exchange, nodes with
        {
            Token = token,
            Values = _values.AsSpan(0, found),
            SeedFilter = isScraped ? _seedFilter : [],
            PeerFilter = isScraped ? _peerFilter : [],
        });
    }

    // Filters and samples are long, so they are not sent to endpoints that may not exist.
    private bool IsProven(DhtExchange exchange) => dht.Correspondents.IsProven(exchange.Sender, exchange.Now);

    private void Scrape(NodeId infoHash, Timestamp now)
    {
        _seedFilter.AsSpan().Clear();
        _peerFilter.AsSpan().Clear();
        foreach (StoredPeer peer in peers.Peers(infoHash, now))
            PeerFilter.Add(peer.IsSeed ? _seedFilter : _peerFilter, peer.Address);
    }

    private bool OnSample(in KrpcMessage query, NodeId target, DhtExchange exchange)
    {
        KrpcAnswer nodes = NodesNear(query, target, exchange.Side);
        int count = IsProven(exchange) ? peers.SampleHashes(_samples) : 0;
        return Answer(query, exchange, nodes with
        {
            Samples = _samples.AsSpan(0, count),
            SampleCount = peers.HashCount,
            SampleInterval = SampleSeconds,
        });
    }

    private bool OnGet(in KrpcMessage query, NodeId target, DhtExchange exchange)
    {
        Span<byte> token = stackalloc byte[TokenJar.Length];
        _tokens.Write(exchange.Sender, target, exchange.Now, token);
        KrpcAnswer nodes = NodesNear(query, target, exchange.Side);
        ItemContent? item = items.Store.Find(target, exchange.Now);
        return Answer(query, exchange, nodes with
        {
            Token = token,
            Item = item,
            HasItemAlready = item is { IsMutable: true } && query.Sequence >= item.Sequence,
        });
    }

    private bool OnPut(in KrpcMessage query, DhtExchange exchange)
    {
        if (query.Salt.Length > ItemContent.MaxSaltLength)
            return Refuse(query, exchange, KrpcError.SaltTooBig, "Salt (salt field) too big");
        if (ItemAnswering.TargetOf(query) is not { } target)
            return Refuse(query, exchange, KrpcError.Protocol, "Missing argument");
        if (!_tokens.IsValid(query.Token, exchange.Sender, target, exchange.Now))
            return Refuse(query, exchange, KrpcError.Protocol, "Bad token");
        dht.Correspondents.OnProved(exchange.Sender, exchange.Now);
        return items.Put(query, target, exchange.Sender, exchange.Now) is { } refusal
            ? Refuse(query, exchange, refusal.Code, refusal.Text)
            : Answer(query, exchange, default);
    }

    private bool OnAnnounce(in KrpcMessage query, NodeId infoHash, DhtExchange exchange)
    {
        if (!_tokens.IsValid(query.Token, exchange.Sender, infoHash, exchange.Now))
            return Refuse(query, exchange, KrpcError.Protocol, "Bad token");
        dht.Correspondents.OnProved(exchange.Sender, exchange.Now);
        int port = query.ImpliesPort ? exchange.Sender.Port : query.Port;
        if (port == 0)
            return Refuse(query, exchange, KrpcError.Protocol, "Invalid port");
        peers.Add(infoHash, exchange.Sender.At((ushort)port), query.IsSeed, exchange.Now);
        return Answer(query, exchange, default);
    }

    private KrpcAnswer NodesNear(in KrpcMessage query, NodeId target, DhtSide side)
    {
        bool wantsV4 = query.Want == AddressFamilies.None ? !side.IsV6 : query.Want.HasFlag(AddressFamilies.V4);
        bool wantsV6 = query.Want == AddressFamilies.None ? side.IsV6 : query.Want.HasFlag(AddressFamilies.V6);
        int count = wantsV4 && dht.SideOf(isV6: false) is { } v4 ? v4.Table.Closest(target, _nodes) : 0;
        int count6 = wantsV6 && dht.SideOf(isV6: true) is { } v6 ? v6.Table.Closest(target, _nodes6) : 0;
        return new KrpcAnswer
        {
            Families = (wantsV4 ? AddressFamilies.V4 : AddressFamilies.None) | (wantsV6 ? AddressFamilies.V6 : AddressFamilies.None),
            Nodes = _nodes.AsSpan(0, count),
            Nodes6 = _nodes6.AsSpan(0, count6),
        };
    }

    private bool Answer(in KrpcMessage query, DhtExchange exchange, KrpcAnswer whole)
    {
        if (_budget.Wait(exchange.Now) > TimeSpan.Zero)
            return false;
        int longest = whole.Item is null ? DhtLimits.MaxDhtAnswerLength : DhtLimits.MaxDhtItemAnswerLength;
        int most = dht.Correspondents.MostFor(exchange.Sender, exchange.Length, exchange.Now, longest);
        whole = whole with { SeenAs = exchange.Sender };
        if (TryAnswer(query, exchange, whole, most))
            return true;
        if (whole.Item is not null && TryAnswer(query, exchange, whole with { Item = null }, most))
            return true;
        return TryAnswer(query, exchange, whole with { Item = null, SeenAs = null }, most);
    }

    // At most two messages are written, so that no query costs much more than another.
    private bool TryAnswer(in KrpcMessage query, DhtExchange exchange, KrpcAnswer answer, int most)
    {
        NodeId own = exchange.Side.Table.Own;
        ReadOnlySpan<byte> whole = dht.Writer.WriteAnswer(query.Transaction, own, answer);
        if (whole.Length <= most)
            return Send(whole, exchange);
        ReadOnlySpan<byte> shortened = dht.Writer.WriteAnswer(query.Transaction, own, answer.Shorten(whole.Length - most));
        return shortened.Length <= most && Send(shortened, exchange);
    }

    private bool Refuse(in KrpcMessage query, DhtExchange exchange, KrpcError code, string text)
    {
        ReadOnlySpan<byte> datagram = dht.Writer.WriteError(query.Transaction, code, text);
        return datagram.Length <= dht.Correspondents.MostFor(exchange.Sender, exchange.Length, exchange.Now) && Send(datagram, exchange);
    }

    private bool Send(ReadOnlySpan<byte> datagram, DhtExchange exchange)
    {
        if (!_budget.TryTake(datagram.Length, exchange.Now))
            return false;
        dht.Correspondents.OnAnswered(exchange.Sender, exchange.Length, datagram.Length, exchange.Now);
        dht.Counts.Answered++;
        dht.Counts.DatagramsOut++;
        dht.Counts.BytesOut += datagram.Length;
        dht.Effects.Send(datagram, exchange.Sender);
        return true;
    }
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Dht.Krpc;
using Freshet.Core.Dht.Searching;
using Freshet.Core.Rates;

namespace Freshet.Core.Dht;

/// <summary>
/// Our queries that wait for answers. Each has a random transaction id, so that only a node that received the query can answer it. An
/// answer counts once, and only from the address that was queried, except that a node that only a proxy can find may answer from anywhere.
/// A query is slow after <see cref="SlowAfter"/> and given up after <see cref="LostAfter"/>.
/// </summary>
internal sealed class QueryBook(DhtContext dht, Timestamp begin)
{
    private readonly Dictionary<uint, PendingQuery> _pending = [];
    private readonly Queue<PendingQuery> _fresh = new();
    private readonly Queue<PendingQuery> _slow = new();
    private readonly TokenBucket _budget = new(new DataRate(DhtLimits.DhtQueryBytesPerSecond), begin, DhtLimits.DhtBurst);

    public static TimeSpan SlowAfter => TimeSpan.FromSeconds(1.5);

    public static TimeSpan LostAfter => TimeSpan.FromSeconds(10);

    public int Count => _pending.Count;

    /// <summary>When a query becomes slow or is given up.</summary>
    public Timestamp NextDeadline
    {
        get
        {
            DropOver(_fresh);
            DropOver(_slow);
            Timestamp slow = _fresh.TryPeek(out PendingQuery? fresh) ? fresh.SentAt + SlowAfter : Timestamp.Never;
            Timestamp lost = _slow.TryPeek(out PendingQuery? late) ? late.SentAt + LostAfter : Timestamp.Never;
            return Timestamp.Min(slow, lost);
        }
    }

    /// <summary>How long until another query may be sent.</summary>
    public TimeSpan Wait(Timestamp now) => _pending.Count >= DhtLimits.MaxDhtQueries ? SlowAfter : _budget.Wait(now);

    /// <summary>Sends a query of a lookup; false if the rate limit does not allow it now.</summary>
    public bool TrySend(Lookup lookup, Candidate candidate, in KrpcQuery query, Timestamp now) => TrySend(
        new PendingQuery
        {
            Transaction = NewTransaction(),
            Side = lookup.Side,
            Target = candidate.Info.Address,
            Expected = candidate.IsNamed ? candidate.Info.Id : null,
            Method = query.Method,
            SentAt = now,
            Lookup = lookup,
            Candidate = candidate,
            Search = lookup.Search,
        },
        query,
        now);

    /// <summary>Sends a query to a node; false if the rate limit does not allow it now.</summary>
    public bool TrySend(
        DhtSide side, NodeAddress target, NodeId? expected, in KrpcQuery query, Timestamp now, Search? search = null) => TrySend(
        new PendingQuery
        {
            Transaction = NewTransaction(),
            Side = side,
            Target = target,
            Expected = expected,
            Method = query.Method,
            SentAt = now,
            Search = search,
        },
        query,
        now);

    /// <summary>Finds and removes the query that a message answers.</summary>
    public bool TryTake(ReadOnlySpan<byte> transaction, NodeAddress sender, [NotNullWhen(true)] out PendingQuery? query)
    {
        query = null;
        if (transaction.Length != sizeof(uint)
            || !_pending.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(transaction), out query)
            || (query.Target.IsStandIn ? query.Target.IsV6 != sender.IsV6 : query.Target != sender))
            return false;
        End(query);
        return true;
    }

    /// <summary>Takes the next query that has become slow.</summary>
    public bool TryTakeSlow(Timestamp now, [NotNullWhen(true)] out PendingQuery? query)
    {
        DropOver(_fresh);
        if (!_fresh.TryPeek(out query) || query.SentAt + SlowAfter > now)
            return false;
        _slow.Enqueue(_fresh.Dequeue());
        return true;
    }

    /// <summary>Takes the next query that is given up.</summary>
    public bool TryTakeLost(Timestamp now, [NotNullWhen(true)] out PendingQuery? query)
    {
        DropOver(_slow);
        if (!_slow.TryPeek(out query) || query.SentAt + LostAfter > now)
            return false;
        End(query);
        return true;
    }

    private bool TrySend(PendingQuery pending, in KrpcQuery query, Timestamp now)
    {
        if (_pending.Count >= DhtLimits.MaxDhtQueries)
            return false;
        ReadOnlySpan<byte> datagram =
            dht.Writer.WriteQuery(pending.Transaction, pending.Side.Table.Own, dht.Options.IsReadOnly, query);
        if (!_budget.TryTake(datagram.Length, now))
            return false;
        _pending.Add(pending.Transaction, pending);
        _fresh.Enqueue(pending);
        dht.Counts.DatagramsOut++;
        dht.Counts.BytesOut += datagram.Length;
        dht.Effects.Send(datagram, pending.Target);
        return true;
    }

    private void End(PendingQuery query)
    {
        query.IsOver = true;
        _pending.Remove(query.Transaction);
    }

    private uint NewTransaction()
    {
        uint transaction;
        do
            transaction = (uint)dht.Random.NextInt64(1L << 32);
        while (_pending.ContainsKey(transaction));
        return transaction;
    }

    private static void DropOver(Queue<PendingQuery> queue)
    {
        while (queue.TryPeek(out PendingQuery? first) && first.IsOver)
            queue.Dequeue();
    }
}

using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// Queries UDP trackers (BEP 15). All queries to one address share its connection id, and a silent tracker gets one connect for all of
/// them, after 15 · 2^n seconds with n up to 8. This back-off outlives the single query: each query is given up after
/// <see cref="TrackerLimits.UdpPatience"/>, so that its torrent can turn to another tracker, and a query that cannot be sent by then fails
/// at once.
/// <para>
/// A server in <c>_servers</c> is in <c>_idle</c> or has queries. A query is in one list of its server and, if it has been sent, its
/// transaction is in <c>_transactions</c>, which also holds the transactions of unanswered connects.
/// </para>
/// </summary>
internal sealed class UdpTrackerMachine(IUdpTrackerEffects effects, Random random)
{
    private readonly Dictionary<IPEndPoint, UdpTrackerServer> _servers = [];
    private readonly LinkedList<UdpTrackerServer> _idle = new();
    private readonly HashSet<UdpTrackerServer> _busy = [];
    private readonly Dictionary<uint, (UdpTrackerServer Server, UdpTrackerQuery? Query)> _transactions = [];
    private readonly List<UdpTrackerServer> _due = [];
    private readonly byte[] _buffer = new byte[UdpTrackerRequest.MaxLength];

    /// <summary>The number of unanswered queries.</summary>
    public int Count { get; private set; }

    /// <summary>When <see cref="OnDeadline"/> has something to do.</summary>
    public Timestamp NextDue { get; private set; } = Timestamp.Never;

    /// <summary>Whether a server has left more than one connect in a row unanswered.</summary>
    public bool IsSilent(IPEndPoint server) => _servers.TryGetValue(server, out UdpTrackerServer? known) && known.Silence > 1;

    /// <summary>Submits a query; false if there are too many unanswered ones, and then no result follows.</summary>
    public bool TryAsk(UdpTrackerQuery query, Timestamp now)
    {
        if (Count >= TrackerLimits.MaxUdpQueries)
            return false;
        UdpTrackerServer server = FindOrAdd(query.Server);
        query.GiveUpAt = now + TrackerLimits.UdpPatience;
        if (!server.TryGetConnection(now, out _) && server.NextConnect >= query.GiveUpAt)
        {
            string again = $"{(server.NextConnect - now).TotalMinutes:0.#} minutes";
            effects.OnFailed(query, $"did not answer {server.Silence} times in a row, and is asked again in {again}", isSilent: true);
            return true;
        }

        Count++;
        if (_busy.Add(server))
            _idle.Remove(server.IdlePlace!);
        server.IdlePlace = null;
        query.Place = server.Waiting.AddLast(query);
        Pump(server, now);
        SetNextDue(now);
        return true;
    }

    /// <summary>Cancels an unanswered query; others are not affected.</summary>
    public void Cancel(UdpTrackerQuery query, Timestamp now)
    {
        if (query.Place is null)
            return;
        End(_servers[query.Server], query);
        SetNextDue(now);
    }

    /// <summary>Whether a datagram answers a query to its sender.</summary>
    public bool IsAnswer(ReadOnlySpan<byte> datagram, IPEndPoint sender) =>
        UdpTrackerAnswer.TryReadHeader(datagram, out UdpTrackerAction action, out uint transaction)
        && _transactions.TryGetValue(transaction, out (UdpTrackerServer Server, UdpTrackerQuery? Query) asked)
        && (asked.Server.IsNamed || asked.Server.EndPoint.Equals(sender))
        && (action == UdpTrackerAction.Error || action == ActionOf(asked.Query));

    /// <summary>A datagram has arrived. One that does not answer a query to its sender is ignored.</summary>
    public void OnDatagram(ReadOnlySpan<byte> datagram, IPEndPoint sender, Timestamp now)
    {
        if (!IsAnswer(datagram, sender))
            return;
        UdpTrackerAnswer.TryReadHeader(datagram, out UdpTrackerAction action, out uint transaction);
        (UdpTrackerServer server, UdpTrackerQuery? query) = _transactions[transaction];
        if (server.IsNamed)
            query?.IsV6 = sender.Address.GetAddressBytes().Length == 16;
        if (query is null)
            OnConnectAnswer(server, datagram, action, now);
        else
            OnAnswer(server, query, datagram, action, now);
        Pump(server, now);
        SetNextDue(now);
    }

    /// <summary>Resends and gives up whatever is due.</summary>
    public void OnDeadline(Timestamp now)
    {
        _due.Clear();
        _due.AddRange(_busy);
        foreach (UdpTrackerServer server in _due)
        {
            GiveUp(server, server.InFlight, now);
            GiveUp(server, server.Waiting, now);
            for (LinkedListNode<UdpTrackerQuery>? place = server.InFlight.Last; place is not null;)
            {
                UdpTrackerQuery query = place.Value;
                place = place.Previous;
                if (query.ResendAt <= now)
                    SendAgain(server, query);
            }

            Pump(server, now);
        }

        SetNextDue(now);
    }

    private static UdpTrackerAction ActionOf(UdpTrackerQuery? query) =>
        query is null ? UdpTrackerAction.Connect : query.Announce is null ? UdpTrackerAction.Scrape : UdpTrackerAction.Announce;

    private UdpTrackerServer FindOrAdd(IPEndPoint endPoint)
    {
        if (_servers.TryGetValue(endPoint, out UdpTrackerServer? server))
            return server;
        if (_servers.Count >= TrackerLimits.MaxRememberedHosts && _idle.First is { } oldest)
        {
            _idle.Remove(oldest);
            _servers.Remove(oldest.Value.EndPoint);
            if (oldest.Value.ConnectTransaction is { } unanswered)
                _transactions.Remove(unanswered);
        }

        server = new UdpTrackerServer(endPoint);
        server.IdlePlace = _idle.AddLast(server);
        _servers.Add(endPoint, server);
        return server;
    }

    private void OnConnectAnswer(UdpTrackerServer server, ReadOnlySpan<byte> datagram, UdpTrackerAction action, Timestamp now)
    {
        string? refusal = action == UdpTrackerAction.Error ? UdpTrackerAnswer.ReadError(datagram) : null;
        if (refusal is null && !UdpTrackerAnswer.TryReadConnect(datagram, out _, out string? error))
            refusal = error;
        _transactions.Remove(server.ConnectTransaction!.Value);
        server.ConnectTransaction = null;
        if (refusal is null)
        {
            UdpTrackerAnswer.TryReadConnect(datagram, out ulong connection, out _);
            server.OnConnected(connection, now);
            return;
        }

        server.OnConnectAnswered();
        while (server.Waiting.First?.Value is { } query)
        {
            End(server, query);
            effects.OnFailed(query, refusal, isSilent: false);
        }
    }

    private void OnAnswer(
        UdpTrackerServer server, UdpTrackerQuery query, ReadOnlySpan<byte> datagram, UdpTrackerAction action, Timestamp now)
    {
        server.OnHeard(now);
        string? refusal = action == UdpTrackerAction.Error ? UdpTrackerAnswer.ReadError(datagram) : null;

        if (refusal is not null && IsAboutConnectionId(refusal) && !query.WasMisconnected && query.GiveUpAt > now)
        {
            query.WasMisconnected = true;
            SendAgain(server, query);
            return;
        }

        End(server, query);
        string? error = null;
        if (query.Announce is null)
        {
            ScrapeResponse? scraped = refusal is null ? null : new ScrapeResponse { FailureReason = refusal };
            if (scraped is not null || UdpTrackerAnswer.TryReadScrape(datagram, query.Scrape, out scraped, out error))
                effects.OnScraped(query, scraped);
        }
        else
        {
            AnnounceResponse? answer = refusal is null ? null : new AnnounceResponse { FailureReason = refusal };
            if (answer is not null || UdpTrackerAnswer.TryReadAnnounce(datagram, query.IsV6, out answer, out error))
                effects.OnAnnounced(query, answer);
        }

        if (error is not null)
            effects.OnFailed(query, error, isSilent: false);
    }

    // A tracker that was restarted no longer knows its connection ids. There is no error code for that. "Connection ID missmatch.", says
    // opentracker, and others say "bad connection_id" or "connection expired"; but "too many connections" is something else.
    private static bool IsAboutConnectionId(string refusal)
    {
        string words = refusal.Replace('_', ' ');
        return words.Contains("connection id", StringComparison.OrdinalIgnoreCase)
            || words.Contains("connectionid", StringComparison.OrdinalIgnoreCase)
            || (words.Contains("connection", StringComparison.OrdinalIgnoreCase)
                && (words.Contains("expired", StringComparison.OrdinalIgnoreCase)
                    || words.Contains("cookie", StringComparison.OrdinalIgnoreCase)));
    }

    // Resends with another connection id, since the tracker may no longer know this one.
    private static void SendAgain(UdpTrackerServer server, UdpTrackerQuery query)
    {
        // A late answer may find the query waiting again.
        server.Forget(query.Connection);
        query.Place!.List!.Remove(query.Place);
        server.Waiting.AddFirst(query.Place);
    }

    private void GiveUp(UdpTrackerServer server, LinkedList<UdpTrackerQuery> queries, Timestamp now)
    {
        for (LinkedListNode<UdpTrackerQuery>? place = queries.First; place is not null;)
        {
            UdpTrackerQuery query = place.Value;
            place = place.Next;
            if (query.GiveUpAt > now)
                continue;
            End(server, query);
            effects.OnFailed(query, $"did not answer within {TrackerLimits.UdpPatience.TotalSeconds:0} seconds", isSilent: true);
        }
    }

    private void End(UdpTrackerServer server, UdpTrackerQuery query)
    {
        query.Place!.List!.Remove(query.Place);
        query.Place = null;
        if (query.Sent > 0)
            _transactions.Remove(query.Transaction);
        Count--;
        if (!server.IsIdle)
            return;
        _busy.Remove(server);
        server.IdlePlace = _idle.AddLast(server);
    }

    /// <summary>Sends to a server whatever may be sent now.</summary>
    private void Pump(UdpTrackerServer server, Timestamp now)
    {
        while (server.Waiting.First is { } next && server.InFlight.Count < TrackerLimits.MaxUdpInFlight)
        {
            if (!server.TryGetConnection(now, out ulong connection))
            {
                if (server.NextConnect <= now)
                    SendConnect(server, now);
                return;
            }

            server.Waiting.Remove(next);
            server.InFlight.AddLast(next);
            Send(server, next.Value, connection, now);
        }
    }

    private void SendConnect(UdpTrackerServer server, Timestamp now)
    {
        server.ConnectTransaction ??= NewTransaction(server, null);
        server.OnConnectSent(now);
        int length = UdpTrackerRequest.WriteConnect(_buffer, server.ConnectTransaction.Value);
        effects.Send(_buffer.AsSpan(0, length), server.EndPoint);
    }

    private void Send(UdpTrackerServer server, UdpTrackerQuery query, ulong connection, Timestamp now)
    {
        // Uses the same transaction again, so that a late answer counts.
        if (query.Sent++ == 0)
            query.Transaction = NewTransaction(server, query);
        query.Connection = connection;
        query.ResendAt = now + UdpTrackerServer.WaitAfter(query.Sent);
        int length = query.Announce is null
            ? UdpTrackerRequest.WriteScrape(_buffer, connection, query.Transaction, query.Scrape)
            : UdpTrackerRequest.WriteAnnounce(_buffer, connection, query.Transaction, query);
        effects.Send(_buffer.AsSpan(0, length), server.EndPoint);
    }

    private uint NewTransaction(UdpTrackerServer server, UdpTrackerQuery? query)
    {
        uint transaction;
        do
            transaction = (uint)random.NextInt64(1L << 32);
        while (!_transactions.TryAdd(transaction, (server, query)));
        return transaction;
    }

    private void SetNextDue(Timestamp now)
    {
        NextDue = Timestamp.Never;
        foreach (UdpTrackerServer server in _busy)
        {
            foreach (UdpTrackerQuery query in server.InFlight)
                NextDue = Timestamp.Min(NextDue, Timestamp.Min(query.ResendAt, query.GiveUpAt));
            if (server.Waiting.First is not { } oldest)
                continue;
            NextDue = Timestamp.Min(NextDue, oldest.Value.GiveUpAt);
            if (!server.TryGetConnection(now, out _))
                NextDue = Timestamp.Min(NextDue, server.NextConnect);
        }
    }
}

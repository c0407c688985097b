using System.Net;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Core.Trackers;

/// <summary>
/// The state of a UDP tracker's address in a <see cref="UdpTrackerMachine"/>: the queries to it, and the connection id that they share.
/// </summary>
internal sealed class UdpTrackerServer(IPEndPoint endPoint)
{
    private const int MostDoublings = 8;

    /// <summary>BEP 15: how long a connection id may be used after it was received.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(15);

    private ulong _connection;
    private Timestamp _connectedUntil;

    public IPEndPoint EndPoint { get; } = endPoint;

    /// <summary>Whether only a proxy knows its address, which we learn from its first answer.</summary>
    public bool IsNamed { get; } = StandIn.Is(endPoint.Address);

    /// <summary>Queries that have not been sent with the current connection id, oldest first.</summary>
    public LinkedList<UdpTrackerQuery> Waiting { get; } = new();

    /// <summary>Queries that have been sent and not answered, at most <see cref="TrackerLimits.MaxUdpInFlight"/>.</summary>
    public LinkedList<UdpTrackerQuery> InFlight { get; } = new();

    /// <summary>The transaction of the unanswered connect, or null. Late answers are accepted.</summary>
    public uint? ConnectTransaction { get; set; }

    /// <summary>The number of consecutive unanswered connects.</summary>
    public int Silence { get; private set; }

    /// <summary>When a connect may be sent, if one is needed.</summary>
    public Timestamp NextConnect { get; private set; }

    /// <summary>Its place among the servers without queries; null if it has queries.</summary>
    public LinkedListNode<UdpTrackerServer>? IdlePlace { get; set; }

    public bool IsIdle => Waiting.Count + InFlight.Count == 0;

    /// <summary>
    /// BEP 15: how long to wait for an answer after the given number of unanswered datagrams: 15 · 2^n seconds, n from 0 to 8.
    /// </summary>
    public static TimeSpan WaitAfter(int sent) => FirstWait * (1 << Math.Min(sent - 1, MostDoublings));

    /// <summary>The connection id, if it may be used now.</summary>
    public bool TryGetConnection(Timestamp now, out ulong connection)
    {
        connection = _connection;
        return now < _connectedUntil;
    }

    public void OnConnectSent(Timestamp now)
    {
        Silence++;
        NextConnect = now + WaitAfter(Silence);
    }

    public void OnConnected(ulong connection, Timestamp now)
    {
        (_connection, _connectedUntil) = (connection, now + ConnectionLifetime);
        OnConnectAnswered();
    }

    /// <summary>The tracker answered a connect, whatever the answer.</summary>
    public void OnConnectAnswered()
    {
        Silence = 0;
        NextConnect = default;
    }

    /// <summary>The tracker answered something else: it is reachable, and the connect in progress may have been lost.</summary>
    public void OnHeard(Timestamp now)
    {
        Silence = Math.Min(Silence, 1);
        NextConnect = Timestamp.Min(NextConnect, now + FirstWait);
    }

    /// <summary>A query with this id was not answered, or the tracker rejected the id: a new one is needed.</summary>
    public void Forget(ulong connection)
    {
        if (connection == _connection)
            _connectedUntil = default;
    }
}

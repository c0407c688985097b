using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A host in an <see cref="AnnounceQueue"/>: who waits for it, how many are being asked, and whether it works. A host that has not answered
/// yet, or has failed a few times in a row, is asked by one announce at a time.
/// </summary>
internal sealed class TrackerHost(string name)
{
    // One failure of a host that works may be anything; three in a row, with no answer in between, are the host's.
    private const int FailuresToDoubt = 3;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.0 / TrackerLimits.HostAnnouncesPerSecond);
    private static readonly TimeSpan Burst = Pace * (TrackerLimits.HostAnnouncesPerSecond - 1);

    private readonly LinkedList<AnnounceTicket>[] _waiting = [new(), new(), new()];
    private Timestamp _pacedUntil;
    private int _failures;

    public string Name { get; } = name;

    /// <summary>Announces being made.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Whether it answers.</summary>
    public bool IsProven { get; private set; }

    public int Waiting { get; private set; }

    /// <summary>Its place among the hosts whose turn it may be; null while it has none.</summary>
    public LinkedListNode<TrackerHost>? Place { get; set; }

    public bool HasRoom => UnderWay < (IsProven ? TrackerLimits.MaxRequestsPerHost : 1);

    /// <summary>When the next of those waiting may go, if there is room: in the past if now.</summary>
    public Timestamp NextPaced => _waiting[(int)AnnounceUrgency.Farewell].Count > 0 ? default : _pacedUntil - Burst;

    public void Add(AnnounceTicket ticket)
    {
        ticket.PlaceAtHost = _waiting[(int)ticket.Urgency].AddLast(ticket);
        Waiting++;
    }

    public void Remove(AnnounceTicket ticket)
    {
        _waiting[(int)ticket.Urgency].Remove(ticket.PlaceAtHost!);
        ticket.PlaceAtHost = null;
        Waiting--;
    }

    /// <summary>The most urgent of those waiting; to be called when there is one.</summary>
    public AnnounceTicket First()
    {
        foreach (LinkedList<AnnounceTicket> waiting in _waiting)
        {
            if (waiting.First is { } first)
                return first.Value;
        }

        throw new InvalidOperationException("No announce waits for the host.");
    }

    public void Begin(AnnounceUrgency urgency, Timestamp now)
    {
        UnderWay++;
        if (urgency != AnnounceUrgency.Farewell)
            _pacedUntil = (_pacedUntil > now ? _pacedUntil : now) + Pace;
    }

    public void End(TurnEnd end)
    {
        UnderWay--;
        switch (end)
        {
            case TurnEnd.Answered:
                IsProven = true;
                _failures = 0;
                break;
            case TurnEnd.Unreachable:
                _failures++;
                IsProven &= _failures < FailuresToDoubt;
                break;
        }
    }
}

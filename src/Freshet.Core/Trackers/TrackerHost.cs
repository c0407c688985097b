using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A host in an <see cref="AnnounceQueue"/>: the announces that wait for it, the number in progress, and whether it works. A host that has
/// not answered yet, or has failed several times in a row, gets one announce at a time.
/// </summary>
internal sealed class TrackerHost(string name)
{
    // A single failure of a working host can have any cause; three in a row without an answer in between are caused by the host.
    private const int FailuresToDoubt = 3;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.0 / TrackerLimits.HostAnnouncesPerSecond);
    private static readonly TimeSpan Burst = Pace * (TrackerLimits.HostAnnouncesPerSecond - 1);

    private readonly LinkedList<AnnounceTicket>[] _waiting = [new(), new(), new()];
    private Timestamp _pacedUntil;
    private int _failures;

    public string Name { get; } = name;

    /// <summary>The number of announces in progress.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Whether it answers.</summary>
    public bool IsProven { get; private set; }

    public int Waiting { get; private set; }

    /// <summary>Its place among the hosts that take turns; null if it has none.</summary>
    public LinkedListNode<TrackerHost>? Place { get; set; }

    public bool HasRoom => UnderWay < (IsProven ? TrackerLimits.MaxRequestsPerHost : 1);

    /// <summary>When the next waiting announce may be made if a slot is free; in the past if it may now.</summary>
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

    /// <summary>The most urgent waiting announce; there must be one.</summary>
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

using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A host in an <see cref="AnnounceQueue"/>: the announces that wait for it, the number in progress, and whether it works. A host that has
/// not answered yet, or has failed several times in a row, gets one announce at a time. One that answers gets more at a time if it is too
/// slow to be announced to in the wanted pace otherwise.
/// </summary>
/// <param name="first">The first announce to it.</param>
/// <param name="pace">How often it is announced to.</param>
internal sealed class TrackerHost(AnnounceTicket first, TrackerPace pace)
{
    // A single failure of a working host can have any cause; three in a row without an answer in between are caused by the host.
    private const int FailuresToDoubt = 3;

    private readonly LinkedList<AnnounceTicket>[] _waiting = [new(), new(), new()];
    private readonly int _mostFarewells = first.IsUdp ? TrackerLimits.MaxUdpFarewells : TrackerLimits.MaxHttpFarewells;
    private int _most = TrackerLimits.MaxRequestsPerHost;
    private int _failures;

    public string Name { get; } = first.Host;

    public string Tracker { get; } = first.Tracker;

    public TrackerPace Pace { get; } = pace;

    /// <summary>The number of announces in progress.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Whether it answers.</summary>
    public bool IsProven { get; private set; }

    public int Waiting { get; private set; }

    /// <summary>When an announce to it was last taken, as a number.</summary>
    public long Taken { get; set; }

    /// <summary>Its place among the hosts that take turns; null if it has none.</summary>
    public LinkedListNode<TrackerHost>? Place { get; set; }

    /// <summary>Whether a stopped event waits, which comes before all others.</summary>
    public bool HasFarewell => _waiting[(int)AnnounceUrgency.Farewell].Count > 0;

    public bool HasRoom => UnderWay < (!IsProven ? 1 : HasFarewell ? Math.Max(_most, _mostFarewells) : _most);

    /// <summary>When the next waiting announce may be made if a slot is free; in the past if it may now.</summary>
    public Timestamp NextPaced => HasFarewell ? default : Pace.Next;

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
            Pace.Take(now);
    }

    public void End(TurnEnd end)
    {
        // Others wait though the pace does not make them.
        bool isSlow = UnderWay >= _most && Waiting > 0 && !HasFarewell;
        UnderWay--;
        switch (end)
        {
            case TurnEnd.Answered:
                IsProven = true;
                _failures = 0;
                if (isSlow)
                    _most = Math.Min(_most + 1, TrackerLimits.MaxRequestsPerSlowHost);
                break;
            case TurnEnd.Unreachable:
                _failures++;
                IsProven &= _failures < FailuresToDoubt;
                _most = TrackerLimits.MaxRequestsPerHost;
                break;
        }

        if (UnderWay == 0 && Waiting == 0)
            _most = TrackerLimits.MaxRequestsPerHost;
    }
}

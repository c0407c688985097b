using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// Decides when each of a session's announces is made, so that thousands of torrents do not overload a tracker that they share, and a dead
/// tracker does not hold up others. Hosts take turns. A host that answers gets a few concurrent announces at a steady pace; one that has
/// not answered yet gets one at a time, and all such hosts together get a quarter of the slots. When an unproven host cannot be reached,
/// all announces that wait for it fail at once. Stopped events to hosts that answer have slots of their own and no pace: when a session
/// ends, it does not wait for long.
/// <para>
/// A ticket is waiting, in progress, or out. Every host with waiting tickets and a free slot is in exactly one of the three rings or in
/// <c>_paced</c>, which it leaves for a ring when its pace allows.
/// </para>
/// </summary>
internal sealed class AnnounceQueue
{
    private readonly Dictionary<string, TrackerHost> _hosts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TrackerPace> _paces = new(StringComparer.Ordinal);
    private readonly LinkedList<AnnounceTicket> _waiting = new();
    private readonly LinkedList<TrackerHost> _proven = new();
    private readonly LinkedList<TrackerHost> _unproven = new();
    private readonly LinkedList<TrackerHost> _leaving = new();
    private readonly LinkedList<TrackerHost> _idle = new();

    // Of hosts with one pace, whichever was taken from last comes last.
    private readonly PriorityQueue<TrackerHost, (Timestamp When, long Taken)> _paced = new();
    private long _taken;
    private int _underWay;
    private int _farewells;
    private int _unprovenUnderWay;
    private bool _wasProven;

    /// <summary>The number of waiting announces.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>The number of announces in progress.</summary>
    public int UnderWay => _underWay + _farewells;

    /// <summary>When <see cref="TryTake"/> or <see cref="TakeExpired"/> may return something that they do not return now.</summary>
    public Timestamp NextDue
    {
        get
        {
            Timestamp expires = _waiting.First is { } oldest ? oldest.Value.Since + TrackerLimits.MaxAnnounceWait : Timestamp.Never;
            bool isPaced = _paced.TryPeek(out _, out (Timestamp When, long) next) && _underWay < TrackerLimits.MaxRequests;
            Timestamp paced = isPaced ? next.When : Timestamp.Never;
            return Timestamp.Min(expires, paced);
        }
    }

    /// <summary>Queues an announce; false if the queue is full.</summary>
    public bool TryAdd(AnnounceTicket ticket, Timestamp now)
    {
        if (_waiting.Count >= TrackerLimits.MaxQueuedAnnounces)
            return false;
        ticket.State = AnnounceTicketState.Waiting;
        ticket.Since = now;
        ticket.Place = _waiting.AddLast(ticket);
        TrackerHost host = FindOrAdd(ticket);
        Leave(host);
        host.Add(ticket);
        Line(host);
        return true;
    }

    /// <summary>Takes the next announce that may be made now, if there is one; to be called until there is none.</summary>
    public AnnounceTicket? TryTake(Timestamp now)
    {
        while (_paced.TryPeek(out TrackerHost? host, out (Timestamp When, long) first) && first.When <= now)
        {
            _paced.Dequeue();
            TakePlace(host, now);
        }

        if (_farewells < TrackerLimits.MaxFarewells && _leaving.First is { } leaving)
        {
            _farewells++;
            return Take(leaving.Value, isFarewell: true, now);
        }

        while (_underWay < TrackerLimits.MaxRequests && NextHost() is { } next)
        {
            if (next.NextPaced <= now)
            {
                _underWay++;
                _unprovenUnderWay += next.IsProven ? 0 : 1;
                return Take(next, isFarewell: false, now);
            }

            // The pace is that of its other family, too, which came first.
            Leave(next);
            Line(next);
        }

        return null;
    }

    /// <summary>
    /// An announce that was taken has ended. Adds to <paramref name="givenUp"/> the announces that are given up because the host is dead.
    /// </summary>
    public void OnEnded(AnnounceTicket ticket, TurnEnd end, List<AnnounceTicket> givenUp)
    {
        TrackerHost host = _hosts[ticket.Host];
        Leave(host);
        int unprovenBefore = host.IsProven ? 0 : host.UnderWay;
        host.End(end);
        ticket.State = AnnounceTicketState.Out;
        _underWay -= ticket.IsFarewell ? 0 : 1;
        _farewells -= ticket.IsFarewell ? 1 : 0;
        _unprovenUnderWay += (host.IsProven ? 0 : host.UnderWay) - unprovenBefore;
        while (end == TurnEnd.Unreachable && !host.IsProven && host.Waiting > 0)
        {
            AnnounceTicket waiting = host.First();
            Remove(waiting, host);
            givenUp.Add(waiting);
        }

        Line(host);
    }

    /// <summary>Removes a waiting announce; false if it does not wait.</summary>
    public bool TryCancel(AnnounceTicket ticket)
    {
        if (ticket.State != AnnounceTicketState.Waiting)
            return false;
        TrackerHost host = _hosts[ticket.Host];
        Leave(host);
        Remove(ticket, host);
        Line(host);
        return true;
    }

    /// <summary>Removes the announces that have waited too long.</summary>
    public void TakeExpired(Timestamp now, List<AnnounceTicket> expired)
    {
        while (_waiting.First is { } oldest && oldest.Value.Since + TrackerLimits.MaxAnnounceWait <= now)
        {
            expired.Add(oldest.Value);
            TryCancel(oldest.Value);
        }
    }

    /// <summary>Removes all waiting announces.</summary>
    public void Clear(List<AnnounceTicket> cleared)
    {
        while (_waiting.First is { } first)
        {
            cleared.Add(first.Value);
            TryCancel(first.Value);
        }
    }

    private AnnounceTicket Take(TrackerHost host, bool isFarewell, Timestamp now)
    {
        AnnounceTicket ticket = host.First();
        Leave(host);
        Remove(ticket, host);
        ticket.State = AnnounceTicketState.UnderWay;
        ticket.IsFarewell = isFarewell;
        host.Taken = ++_taken;
        host.Begin(ticket.Urgency, now);
        Line(host);
        return ticket;
    }

    private TrackerHost? NextHost()
    {
        bool mayProbe = _unprovenUnderWay < TrackerLimits.MaxUnprovenRequests;
        TrackerHost? proven = _proven.First?.Value;
        TrackerHost? unproven = mayProbe ? _unproven.First?.Value : null;
        TrackerHost? next = _wasProven ? unproven ?? proven : proven ?? unproven;
        _wasProven = next is { IsProven: true };
        return next;
    }

    private TrackerHost FindOrAdd(AnnounceTicket ticket)
    {
        if (_hosts.TryGetValue(ticket.Host, out TrackerHost? host))
            return host;
        if (_hosts.Count >= TrackerLimits.MaxRememberedHosts && _idle.First is { } oldest)
        {
            _idle.RemoveFirst();
            _hosts.Remove(oldest.Value.Name);
            if (--oldest.Value.Pace.Hosts == 0)
                _paces.Remove(oldest.Value.Tracker);
        }

        if (!_paces.TryGetValue(ticket.Tracker, out TrackerPace? pace))
            _paces.Add(ticket.Tracker, pace = new TrackerPace());
        pace.Hosts++;
        host = new TrackerHost(ticket, pace);
        _hosts.Add(ticket.Host, host);
        return host;
    }

    private void Remove(AnnounceTicket ticket, TrackerHost host)
    {
        host.Remove(ticket);
        _waiting.Remove(ticket.Place!);
        ticket.Place = null;
        ticket.State = AnnounceTicketState.Out;
    }

    // Puts a host that is in no list into the right one. One that may be taken from now waits for its turn, too: otherwise a host to which
    // something happens at that very moment would come before one with the same pace that has waited for longer.
    private void Line(TrackerHost host)
    {
        if (host.Waiting > 0 && host.HasRoom)
            _paced.Enqueue(host, (host.NextPaced, host.Taken));
        else if (host.Waiting == 0 && host.UnderWay == 0)
            host.Place = _idle.AddLast(host);
    }

    private void TakePlace(TrackerHost host, Timestamp now)
    {
        if (host.NextPaced > now)
            Line(host);
        else
            host.Place = (!host.IsProven ? _unproven : host.HasFarewell ? _leaving : _proven).AddLast(host);
    }

    private void Leave(TrackerHost host)
    {
        if (host.Place is { } place)
            place.List!.Remove(place);
        else if (host.Waiting > 0 && host.HasRoom)
            _paced.Remove(host, out _, out _);
        host.Place = null;
    }
}

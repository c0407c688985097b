using Freshet.Core;

namespace Freshet.Simulation.Lines;

/// <summary>
/// Hosts and the lines between them, on their own clock. Datagrams are moved one by one, millions of them, so nothing is allocated for one.
/// Everything follows from the seed.
/// </summary>
internal sealed class LineWorld(int seed)
{
    private readonly PriorityQueue<Event, (long At, long Sequence)> _queue = new();
    private readonly List<LineHost> _hosts = [];
    private readonly Stack<byte[]> _free = new();
    private long _sequence;

    /// <summary>The source of everything random.</summary>
    public Random Random { get; } = new(seed);

    /// <summary>The current time in ticks.</summary>
    public long Now { get; private set; } = TimeSpan.TicksPerDay;

    public LineHost Add(LineHostOptions options)
    {
        LineHost host = new(this, new LineAddress(_hosts.Count), options);
        _hosts.Add(host);
        return host;
    }

    /// <summary>Adds a line for everything that a host sends; hosts may share one.</summary>
    public Line Lay(LineOptions options, params LineHost[] senders)
    {
        Line line = new(options, Random);
        foreach (LineHost sender in senders)
            sender.Uplink = line;
        return line;
    }

    /// <summary>Moves a datagram over the line of a host.</summary>
    public void Send(LineHost from, ReadOnlySpan<byte> datagram, LineAddress to, bool dontFragment)
    {
        Line line = from.Uplink;
        for (int copies = line.Doubles() ? 2 : 1; copies > 0; copies--)
        {
            if (line.Pass(datagram.Length, Now, dontFragment) is not { } arrives)
                continue;
            Deliver(datagram, from.Address, _hosts[to.Number], arrives);
        }
    }

    /// <summary>Delivers a datagram to a host directly, with the given sender.</summary>
    public void Inject(ReadOnlySpan<byte> datagram, LineAddress from, LineHost to) =>
        Deliver(datagram, from, to, Now);

    /// <summary>Schedules an action.</summary>
    public void After(TimeSpan delay, Action action) => Schedule(Now + delay.Ticks, new Event(null, null, 0, default, action));

    /// <summary>A host needs to be called at a time.</summary>
    public void Wake(LineHost host, long at) => Schedule(Math.Max(at, Now), new Event(host, null, 0, default, null));

    /// <summary>Lets time pass.</summary>
    public void Run(TimeSpan time) => RunUntil(static () => false, time);

    /// <summary>Lets time pass until a condition holds; returns false if it does not hold in time.</summary>
    public bool RunUntil(Func<bool> condition, TimeSpan within)
    {
        long end = Now + within.Ticks;
        while (!condition())
        {
            if (!_queue.TryPeek(out _, out (long At, long) next) || next.At > end)
            {
                Now = end;
                return condition();
            }

            Now = next.At;
            Handle(_queue.Dequeue());
        }

        return true;
    }

    private void Deliver(ReadOnlySpan<byte> datagram, LineAddress from, LineHost to, long at)
    {
        if (!_free.TryPop(out byte[]? bytes))
            bytes = GC.AllocateUninitializedArray<byte>(Limits.MaxDatagramLength);
        datagram.CopyTo(bytes);
        Schedule(at, new Event(to, bytes, datagram.Length, from, null));
    }

    private void Handle(Event what)
    {
        if (what.Action is { } action)
        {
            action();
            return;
        }

        if (what.Bytes is { } bytes)
        {
            what.Host!.Receive(bytes.AsSpan(0, what.Length), what.From);
            _free.Push(bytes);
        }
        else
        {
            what.Host!.OnWake();
        }
    }

    private void Schedule(long at, Event what) => _queue.Enqueue(what, (at, _sequence++));

    private readonly record struct Event(LineHost? Host, byte[]? Bytes, int Length, LineAddress From, Action? Action);
}

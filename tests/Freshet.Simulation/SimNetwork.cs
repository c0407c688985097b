using System.Net;

namespace Freshet.Simulation;

/// <summary>Knows who listens where, the connections, and which paths are cut.</summary>
internal sealed class SimNetwork(SimClock clock, Random random)
{
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<IPEndPoint, (SimHost Host, Action<SimSocket> Accept)> _listeners = [];
    private readonly HashSet<IPEndPoint> _silent = [];
    private readonly HashSet<(SimHost, SimHost)> _cuts = [];
    private readonly List<SimSocket> _sockets = [];
    private int _ports = 50_000;

    /// <summary>Dials to addresses where nobody listens.</summary>
    public int DialsInVain { get; private set; }

    /// <summary>A host accepts connections from now on.</summary>
    public void Listen(SimHost host, Action<SimSocket> accept) => _listeners[host.Address] = (host, accept);

    /// <summary>It no longer accepts connections.</summary>
    public void StopListening(SimHost host) => _listeners.Remove(host.Address);

    /// <summary>Nothing is at this address, not even a machine that refuses: a dial gets no answer.</summary>
    public void MakeSilent(IPEndPoint address) => _silent.Add(address);

    /// <summary>Whether bytes get from one host to another.</summary>
    public bool IsOpen(SimHost one, SimHost other) =>
        one.IsOnline && other.IsOnline && (_cuts.Count == 0 || (!_cuts.Contains((one, other)) && !_cuts.Contains((other, one))));

    /// <summary>Cuts the path between two hosts; their connections do not notice.</summary>
    public void Cut(SimHost one, SimHost other) => _cuts.Add((one, other));

    /// <summary>All paths are open again.</summary>
    public void HealAll()
    {
        _cuts.Clear();
        ResumeAll();
    }

    /// <summary>A host loses its network; its connections do not notice.</summary>
    public static void GoOffline(SimHost host) => host.IsOnline = false;

    /// <summary>It has its network again.</summary>
    public void GoOnline(SimHost host)
    {
        host.IsOnline = true;
        ResumeAll();
    }

    /// <summary>
    /// Connects and passes on the socket; null if nobody listens there or, after a long time, if the host is unreachable.
    /// </summary>
    public void Dial(SimHost from, IPEndPoint to, Action<SimSocket?> done)
    {
        bool isListening = _listeners.TryGetValue(to, out (SimHost Host, Action<SimSocket> Accept) listener);
        DialsInVain += isListening ? 0 : 1;
        if (_silent.Contains(to) || !from.IsOnline || (isListening && (listener.Host.IsBehindNat || !IsOpen(from, listener.Host))))
        {
            clock.After(DialTimeout, () => done(null));
            return;
        }

        if (!isListening)
        {
            clock.After(from.Latency + from.LatencyIn, () => done(null));
            return;
        }

        clock.After(from.Latency + listener.Host.LatencyIn + listener.Host.Latency + from.LatencyIn, () =>
        {
            if (!IsOpen(from, listener.Host) || !_listeners.ContainsKey(to))
            {
                done(null);
                return;
            }

            SimSocket mine = new(clock, random, this, from, to);
            SimSocket theirs = new(clock, random, this, listener.Host, new IPEndPoint(from.Address.Address, _ports++));
            SimSocket.Join(mine, theirs);
            _sockets.Add(mine);
            _sockets.Add(theirs);
            listener.Accept(theirs);
            done(mine);
        });
    }

    /// <summary>A host that was stalled continues: what it sent meanwhile is sent now.</summary>
    public void Resume(SimHost host)
    {
        host.IsStalled = false;
        foreach (SimSocket socket in _sockets.Where(socket => socket.Host == host).ToArray())
            socket.Resume();
    }

    /// <summary>Ends every connection of a host at once, as when it loses power; the other ends are notified.</summary>
    public void Reset(SimHost host)
    {
        foreach (SimSocket socket in _sockets.Where(socket => socket.Host == host && !socket.IsClosed).ToArray())
            socket.Close();
        _sockets.RemoveAll(socket => socket.IsClosed);
    }

    private void ResumeAll()
    {
        foreach (SimSocket socket in _sockets.ToArray())
            socket.Resume();
    }
}

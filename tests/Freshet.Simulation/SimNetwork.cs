using System.Net;

namespace Freshet.Simulation;

/// <summary>Who listens where, the connections between, and which ways are cut.</summary>
internal sealed class SimNetwork(SimClock clock, Random random)
{
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<IPEndPoint, (SimHost Host, Action<SimSocket> Accept)> _listeners = [];
    private readonly HashSet<IPEndPoint> _silent = [];
    private readonly HashSet<(SimHost, SimHost)> _cuts = [];
    private readonly List<SimSocket> _sockets = [];
    private int _ports = 50_000;

    /// <summary>Dials to addresses where nobody is.</summary>
    public int DialsInVain { get; private set; }

    /// <summary>A host takes connections from now on.</summary>
    public void Listen(SimHost host, Action<SimSocket> accept) => _listeners[host.Address] = (host, accept);

    /// <summary>It no longer does.</summary>
    public void StopListening(SimHost host) => _listeners.Remove(host.Address);

    /// <summary>Nobody is at an address, not even a machine that refuses: who dials it hears nothing.</summary>
    public void MakeSilent(IPEndPoint address) => _silent.Add(address);

    /// <summary>Whether bytes get from one host to another.</summary>
    public bool IsOpen(SimHost one, SimHost other) =>
        one.IsOnline && other.IsOnline && (_cuts.Count == 0 || (!_cuts.Contains((one, other)) && !_cuts.Contains((other, one))));

    /// <summary>Cuts the way between two hosts; their connections do not know.</summary>
    public void Cut(SimHost one, SimHost other) => _cuts.Add((one, other));

    /// <summary>All ways are open again.</summary>
    public void HealAll()
    {
        _cuts.Clear();
        ResumeAll();
    }

    /// <summary>A host loses its network; its connections do not know.</summary>
    public static void GoOffline(SimHost host) => host.IsOnline = false;

    /// <summary>It has it again.</summary>
    public void GoOnline(SimHost host)
    {
        host.IsOnline = true;
        ResumeAll();
    }

    /// <summary>
    /// Connects, and tells the socket; null if nobody listens there, or, after a long while, if the host is not to be reached.
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

    /// <summary>A host that was stalled goes on: what it sent meanwhile leaves now.</summary>
    public void Resume(SimHost host)
    {
        host.IsStalled = false;
        foreach (SimSocket socket in _sockets.Where(socket => socket.Host == host).ToArray())
            socket.Resume();
    }

    /// <summary>Ends every connection of a host at once, as when it loses power; the other ends are told.</summary>
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

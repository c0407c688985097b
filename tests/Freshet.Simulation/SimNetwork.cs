using System.Net;

namespace Freshet.Simulation;

/// <summary>Who listens where, and the connections between.</summary>
internal sealed class SimNetwork(SimClock clock, Random random)
{
    private static readonly TimeSpan DialTimeout = TimeSpan.FromSeconds(10);

    private readonly Dictionary<IPEndPoint, (SimHost Host, Action<SimSocket> Accept)> _listeners = [];
    private readonly List<SimSocket> _sockets = [];
    private int _ports = 50_000;

    /// <summary>A host takes connections from now on.</summary>
    public void Listen(SimHost host, Action<SimSocket> accept) => _listeners[host.Address] = (host, accept);

    /// <summary>It no longer does.</summary>
    public void StopListening(SimHost host) => _listeners.Remove(host.Address);

    /// <summary>Connects, and tells the socket; null if nobody listens there, or, after a long while, if the host is not to be reached.</summary>
    public void Dial(SimHost from, IPEndPoint to, Action<SimSocket?> done)
    {
        if (!_listeners.TryGetValue(to, out (SimHost Host, Action<SimSocket> Accept) listener))
        {
            clock.After(from.Latency * 2, () => done(null));
            return;
        }

        if (!listener.Host.IsOnline || !from.IsOnline)
        {
            clock.After(DialTimeout, () => done(null));
            return;
        }

        clock.After((from.Latency + listener.Host.Latency) * 2, () =>
        {
            if (!listener.Host.IsOnline || !_listeners.ContainsKey(to))
            {
                done(null);
                return;
            }

            SimSocket mine = new(clock, random, from, to);
            SimSocket theirs = new(clock, random, listener.Host, new IPEndPoint(from.Address.Address, _ports++));
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
        foreach (SimSocket socket in _sockets.Where(socket => socket.Host == host))
            socket.Resume();
    }

    /// <summary>Ends every connection of a host at once, as when it loses power; the other ends are told.</summary>
    public void Reset(SimHost host)
    {
        foreach (SimSocket socket in _sockets.Where(socket => socket.Host == host && !socket.IsClosed).ToArray())
            socket.Close();
        _sockets.RemoveAll(socket => socket.IsClosed);
    }
}

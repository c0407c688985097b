using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Freshet.Core.Local;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Discovery;

/// <summary>
/// A session's local discovery (BEP 14): <see cref="LocalDiscoveryMachine"/> decides, <see cref="LocalNetworks"/> sends and receives.
/// Without a torrent to announce there is no socket. Thread-safe: a lock serializes access to the machine, which returns quickly.
/// </summary>
internal sealed class LocalDiscovery : ILocalEffects, IDisposable
{
    private readonly Lock _lock = new();
    private readonly LocalDiscoveryOptions _options;
    private readonly LocalDiscoveryMachine _machine;
    private readonly LocalNetworks _networks;
    private readonly ITimer _timer;
    private bool _isClosed;

    public LocalDiscovery(LocalDiscoveryOptions options)
    {
        _options = options;
        _machine = new LocalDiscoveryMachine(this, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)));
        _networks = new LocalNetworks(options.Binding, OnDatagram);
        _timer = options.Time.CreateTimer(
            static local => ((LocalDiscovery)local!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The current status.</summary>
    public LocalDiscoveryStatus Status
    {
        get
        {
            lock (_lock)
            {
                return new LocalDiscoveryStatus
                {
                    Networks = _networks.Count,
                    Torrents = _machine.Torrents,
                    AnnouncesSent = _machine.Sent,
                    AnnouncesHeard = _machine.Heard,
                    PeersFound = _machine.Found,
                    Dropped = _machine.Dropped,
                };
            }
        }
    }

    /// <summary>Sets whether the torrents of a swarm are announced.</summary>
    public void Set(ImmutableArray<InfoHash> torrents, bool isAnnounced)
    {
        lock (_lock)
        {
            if (_isClosed)
                return;
            Timestamp now = _options.Time.Now();
            foreach (InfoHash torrent in torrents)
            {
                if (isAnnounced)
                    _machine.Add(torrent, now);
                else
                    _machine.Remove(torrent, now);
            }

            Renew();
            SetTimer(now);
        }
    }

    /// <summary>The addresses of the binding have changed.</summary>
    public void OnAddressChanged()
    {
        lock (_lock)
            Renew();
    }

    void ILocalEffects.Announce(ReadOnlySpan<InfoHash> torrents)
    {
        int port = _options.Port();
        if (port == 0)
            return;
        InfoHash[] announced = torrents.ToArray();
        _networks.Send(family => LocalAnnounce.Write(family == AddressFamily.InterNetworkV6, port, _machine.Cookie, announced));
    }

    void ILocalEffects.PeerFound(InfoHash torrent, IPEndPoint peer) => _options.PeerFound(torrent, peer);

    public void Dispose()
    {
        lock (_lock)
        {
            _isClosed = true;
            _networks.Dispose();
        }

        _timer.Dispose();
    }

    private void OnTimer()
    {
        lock (_lock)
        {
            if (_isClosed)
                return;

            // Interfaces come and go, as on a laptop.
            Renew();
            Timestamp now = _options.Time.Now();
            _machine.OnDeadline(now);
            SetTimer(now);
        }
    }

    private void OnDatagram(ReadOnlyMemory<byte> datagram, IPEndPoint sender)
    {
        lock (_lock)
        {
            if (!_isClosed)
                _machine.OnDatagram(datagram.Span, sender, _options.Time.Now());
        }
    }

    private void Renew()
    {
        if (_isClosed)
            return;
        if (_machine.Torrents == 0)
            _networks.Dispose();
        else
            _networks.Renew();
    }

    private void SetTimer(Timestamp now)
    {
        Timestamp next = _machine.NextDeadline;
        TimeSpan wait = next == Timestamp.Never
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Max(1, (next - now).TotalMilliseconds));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }
}

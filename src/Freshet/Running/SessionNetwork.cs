using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using Freshet.Connections;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;
using Freshet.Core.Utp;
using Freshet.Core.Wire.Proxies;
using Freshet.Diagnostics;
using Freshet.Discovery;
using Freshet.Discovery.PortMapping;
using Freshet.Loops;
using Freshet.Network;
using Freshet.WebSeeds;

namespace Freshet.Running;

/// <summary>
/// The network as a session uses it: its port and who answers there, and the ways out to peers, trackers and web seeds. Every member is
/// safe to use from any thread.
/// </summary>
internal sealed class SessionNetwork : IAsyncDisposable
{
    private readonly SessionServices _services;
    private readonly int _mostStrangers;
    private int _epoch;
    private long _outsiderAt;
    private PeerListener? _listener;
    private UtpProtocol? _utp;

    /// <param name="services">The session's, of which all but the rates is there.</param>
    /// <param name="own">What may be used of this machine.</param>
    /// <param name="mostStrangers">So many peers may be shaking hands at once.</param>
    public SessionNetwork(SessionServices services, NetworkBinding own, int mostStrangers)
    {
        _services = services;
        _mostStrangers = mostStrangers;
        SessionOptions options = services.Options;
        Ways = new NetworkWays(own, options.Proxy);
        Binding = Ways.BindingFor(ProxyUses.Peers);
        _epoch = own.Epoch;
        Local = options.LocalDiscovery && !Ways.IsProxied(ProxyUses.Peers) ? LocalStart.Create(services, this) : null;
        TcpConnector tcp = new(Binding, services.Time) { Proxy = Ways.ProxyFor(ProxyUses.Peers) };
        UtpConnector utp = new(Binding, () => _utp, services.Time);
        UtpMode mode = Ways.HasUdp(ProxyUses.Peers) ? options.Utp : UtpMode.Off;
        HasUtp = mode != UtpMode.Off;
        IConnector[] connectors = mode switch
        {
            UtpMode.Off => [tcp],
            UtpMode.Only => [utp],
            _ => [tcp, utp],
        };
        DialPlans = new DialPlanner([.. connectors.Select(static connector => connector.Transport)], options.Encryption);
        Dialer = new PeerDialer(services.Connections, connectors, options.Encryption, services.Time)
        {
            OnAttempt = services.Metrics.AddDial,
        };
        Trackers = new TrackerService(
            HttpRequesterOptions.For(Ways, ProxyUses.Trackers), () => Udp?.For(ProxyUses.Trackers), time: services.Time)
        {
            Addresses = Addresses,
            Waits = services.Metrics.AnnounceQueue,
        };
        WebSeeds = new WebSeedClient(HttpRequesterOptions.For(Ways, ProxyUses.WebSeeds), services.Time);
    }

    /// <summary>Which way each kind of traffic goes.</summary>
    public NetworkWays Ways { get; }

    /// <summary>Whether peers can be reached over uTP.</summary>
    public bool HasUtp { get; }

    /// <summary>Where sockets for peers are opened, and their names looked up: nowhere if they are reached through a proxy.</summary>
    public NetworkBinding Binding { get; }

    /// <summary>What may be used of this machine, and whether it is there; the proxy too is connected to from it.</summary>
    public NetworkBinding OwnBinding => Ways.Own;

    /// <summary>The UDP ports; null until the session has started.</summary>
    public SessionUdp? Udp { get; private set; }

    /// <summary>Our node of the DHT; null if the session does not take part, and before it has started.</summary>
    public DhtService? Dht { get; private set; }

    /// <summary>Has a router lead ports to us; null if the session does not, and before it has started.</summary>
    public PortMapper? Mapper { get; private set; }

    /// <summary>Looks for peers on local networks; null if the session does not.</summary>
    public LocalDiscovery? Local { get; }

    public PeerDialer Dialer { get; }

    /// <summary>In which ways peers are dialled.</summary>
    public DialPlanner DialPlans { get; }

    public TrackerService Trackers { get; }

    /// <summary>Asks web seeds, for all torrents.</summary>
    public WebSeedClient WebSeeds { get; }

    public IReadOnlyList<IPEndPoint> ListenEndPoints { get; private set; } = [];

    /// <summary>The port that peers and trackers are told.</summary>
    public int ListenPort => ListenEndPoints.Count > 0 ? ListenEndPoints[0].Port : 0;

    /// <summary>Which addresses others say we have.</summary>
    public SharedAddresses Addresses { get; } = new();

    /// <summary>Whether peers on the internet can connect to us.</summary>
    public ReachabilityStatus Reachability
    {
        get
        {
            long at = Volatile.Read(ref _outsiderAt);
            return Core.PortMapping.Reachability.Of(at == 0 ? null : _services.Time.Now() - new Timestamp(at), Mapper?.Status);
        }
    }

    /// <summary>Over which families trackers are announced to.</summary>
    public ImmutableArray<AnnounceFamily> AnnounceFamilies => AnnounceAddresses.FamiliesOf(ListenEndPoints);

    /// <summary>The port to announce over a family: that of the router, if one leads to ours.</summary>
    public int AnnouncedPort(AnnounceFamily family) => family != AnnounceFamily.IPv6 && Mapper?.Status.TcpPort is { } mapped
        ? mapped
        : AnnounceAddresses.PortOf(ListenEndPoints, family);

    /// <summary>Begins to listen, unless peers are reached through a proxy.</summary>
    /// <exception cref="FreshetException">It cannot listen.</exception>
    public void Start(IIncomingPeers incoming)
    {
        SessionOptions options = _services.Options;
        if (options.Proxy is { } proxy)
            Log.Proxied(_services.Logger, proxy.Uses, proxy);
        if (!Ways.IsProxied(ProxyUses.Peers))
            Listen(incoming);
        Udp = new SessionUdp(Ways, new UdpMuxOptions
        {
            Binding = OwnBinding,
            Port = _listener is null ? options.ListenPort : ListenPort,
            Time = _services.Time,
            OnFault = e => Log.EscapedException(_services.Logger, "a protocol over UDP", e),
            OnTrouble = trouble => _services.Warn($"Nothing that needs UDP goes through the proxy: {trouble}."),
        });
        if (options.Dht is { } dht && Udp.For(ProxyUses.Dht) is { } nodes)
        {
            Dht = DhtStart.Create(_services, nodes, dht);
            _ = Dht.StartAsync();
        }

        if (options.Utp != UtpMode.Off && Udp.For(ProxyUses.Peers) is { } peers)
            StartUtp(peers);
        if (options.PortMapping && _listener is not null && !Binding.IsLoopback)
            Mapper = MapperStart.Create(this, _services.Time);
    }

    /// <summary>A peer with a public address has connected to us.</summary>
    public void OnOutsider() => Volatile.Write(ref _outsiderAt, _services.Time.Now().Ticks);

    /// <summary>Looks whether the address to use is gone, or another. If it is news, it is told.</summary>
    public bool HasLostAddress()
    {
        if (OwnBinding.Check())
        {
            Udp?.OnAddressChanged();
            Local?.OnAddressChanged();
            _services.Warn(OwnBinding.News);
        }

        return OwnBinding.Trouble is not null;
    }

    /// <summary>Follows the address to use. Called by the heartbeat alone.</summary>
    /// <returns>Whether every connection that there is has to end for it.</returns>
    public bool Follow()
    {
        HasLostAddress();
        bool isCut = OwnBinding.WhyCut(ref _epoch) is not null;
        if (_listener is { } listener && listener.Renew())
            ListenEndPoints = listener.EndPoints;
        return isCut;
    }

    public ValueTask StopListeningAsync() => Interlocked.Exchange(ref _listener, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopListeningAsync().ConfigureAwait(false);
        Local?.Dispose();
        if (Mapper is not null)
            await Mapper.DisposeAsync().ConfigureAwait(false);
        if (Dht is not null)
            await Dht.DisposeAsync().ConfigureAwait(false);
        if (_utp is not null)
            await _utp.DisposeAsync().ConfigureAwait(false);
        if (Udp is not null)
            await Udp.DisposeAsync().ConfigureAwait(false);
        Trackers.Dispose();
        WebSeeds.Dispose();
    }

    private void Listen(IIncomingPeers incoming)
    {
        SessionOptions options = _services.Options;
        PeerListenerOptions listening = new()
        {
            Binding = Binding,
            Port = options.ListenPort,
            MaxHandshakes = _mostStrangers,
            Encryption = options.Encryption,
            RefusesTcp = options.Utp == UtpMode.Only,
            Time = _services.Time,
        };
        PeerListener listener;
        try
        {
            _listener = listener = PeerListener.Start(listening, _services.Connections, incoming);
        }
        catch (ListenFailedException e)
        {
            throw new FreshetException(FreshetError.CannotListen, e.Message, e);
        }

        ListenEndPoints = listener.EndPoints;
        foreach (IPEndPoint endPoint in ListenEndPoints)
            Log.Listening(_services.Logger, endPoint);
    }

    private void StartUtp(UdpMux udp)
    {
        UtpMachineOptions options = new()
        {
            // Those that are closing still have a place.
            MaxConnections = 2 * (_services.Connections.MaxConnections + _mostStrangers),
            Overhead = udp.Names is null ? 0 : Socks5Datagram.AddressHeader,
            Secret = RandomNumberGenerator.GetBytes(32),
        };
        _utp = new UtpProtocol(udp, options, SessionServices.NewRandom(), _services.Time)
        {
            OnIncoming = _listener is { } listener ? listener.TryAdd : null,
        };
        _utp.Start();
    }
}

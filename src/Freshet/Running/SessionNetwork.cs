using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
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
/// A session's network: its port and the protocols on it, and the ways out to peers, trackers and web seeds. Every member is thread-safe.
/// </summary>
internal sealed class SessionNetwork : IAsyncDisposable
{
    private readonly SessionServices _services;
    private readonly int _mostStrangers;
    private readonly KeyAgreements _agreements = new();
    private int _epoch;
    private int _announced;
    private long _outsiderAt;
    private PeerListener? _listener;
    private volatile ReachabilityStatus? _checked;
    private UtpProtocol? _utp;
    private string? _turnedOff;
    private string? _otherPort;

    /// <param name="services">The session's services, complete except for the rates.</param>
    /// <param name="own">The local addresses that may be used.</param>
    /// <param name="mostStrangers">The maximum number of peers in the handshake at once.</param>
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
        DialPlans = new DialPlanner(
            [.. connectors.Select(static connector => connector.Transport)], options.Encryption, Ways.IsProxied(ProxyUses.Peers));
        Dialer = new PeerDialer(services.Connections, connectors, options.Encryption, services.Time, _agreements)
        {
            OnAttempt = OnAttempt,
        };
        Trackers = new TrackerService(
            HttpRequesterOptions.For(Ways, ProxyUses.Trackers) with { ReadsPreferences = options.TrackerPreferences },
            () => Udp?.For(ProxyUses.Trackers),
            time: services.Time)
        {
            Addresses = Addresses,
            Waits = services.Metrics.AnnounceQueue,
            OnFault = e => services.FaultLog.Report("the lookup of where a tracker is (BEP 34)", e),
        };
        WebSeeds = new WebSeedClient(HttpRequesterOptions.For(Ways, ProxyUses.WebSeeds), services.Time);
    }

    /// <summary>The route of each kind of traffic.</summary>
    public NetworkWays Ways { get; }

    /// <summary>Whether peers can be reached over uTP.</summary>
    public bool HasUtp { get; }

    /// <summary>Opens sockets for peers and resolves their names; it does neither if peers are reached through a proxy.</summary>
    public NetworkBinding Binding { get; }

    /// <summary>The local addresses that may be used, and whether they are available; connections to the proxy use them too.</summary>
    public NetworkBinding OwnBinding => Ways.Own;

    /// <summary>The UDP ports; null until the session has started.</summary>
    public SessionUdp? Udp { get; private set; }

    /// <summary>The DHT node; null if the DHT is disabled, and before the session has started.</summary>
    public DhtService? Dht { get; private set; }

    /// <summary>Maps ports on the router; null if that is disabled, and before the session has started.</summary>
    public PortMapper? Mapper { get; private set; }

    /// <summary>Looks for peers on local networks; null if that is disabled.</summary>
    public LocalDiscovery? Local { get; }

    public PeerDialer Dialer { get; }

    /// <summary>Plans how peers are dialled.</summary>
    public DialPlanner DialPlans { get; }

    public TrackerService Trackers { get; }

    /// <summary>The client for web seeds, shared by all torrents.</summary>
    public WebSeedClient WebSeeds { get; }

    public IReadOnlyList<IPEndPoint> ListenEndPoints { get; private set; } = [];

    /// <summary>The port announced to peers and trackers.</summary>
    public int ListenPort => ListenEndPoints.Count > 0 ? ListenEndPoints[0].Port : 0;

    /// <summary>Our external addresses as others report them.</summary>
    public SharedAddresses Addresses { get; } = new();

    /// <summary>Whether peers on the internet can connect to us.</summary>
    public ReachabilityStatus Reachability
    {
        get
        {
            if (Ways.IsProxied(ProxyUses.Peers))
                return Core.PortMapping.Reachability.BehindProxy;
            long at = Volatile.Read(ref _outsiderAt);
            return Core.PortMapping.Reachability.Of(at == 0 ? null : _services.Time.Now() - new Timestamp(at), Mapper?.Status);
        }
    }

    /// <summary>The same as of the last beat, which costs nothing; null before the first.</summary>
    public ReachabilityStatus? Checked => _checked;

    /// <summary>The address families over which trackers are announced to.</summary>
    public ImmutableArray<AnnounceFamily> AnnounceFamilies => AnnounceAddresses.FamiliesOf(ListenEndPoints);

    /// <summary>The port to announce over a family: the router's, if it maps one to ours.</summary>
    public int AnnouncedPort(AnnounceFamily family) => family != AnnounceFamily.IPv6 && Mapper?.Status.TcpPort is { } mapped
        ? mapped
        : AnnounceAddresses.PortOf(ListenEndPoints, family);

    /// <summary>Starts listening, unless peers are reached through a proxy.</summary>
    /// <exception cref="FreshetException">The session cannot listen.</exception>
    public void Start(IIncomingPeers incoming)
    {
        SessionOptions options = _services.Options;
        if (options.Proxy is { } proxy)
            Log.Proxied(_services.Logger, proxy.Uses, proxy);
        _turnedOff = ProxyEffects.Of(options);
        if (_turnedOff is not null)
            Log.SessionWarning(_services.Logger, _turnedOff);
        if (!Ways.IsProxied(ProxyUses.Peers))
            Listen(incoming);
        Udp = new SessionUdp(Ways, new UdpMuxOptions
        {
            Binding = OwnBinding,
            Port = _listener is null ? options.ListenPort : ListenPort,
            Time = _services.Time,
            OnFault = e => _services.FaultLog.Report("a protocol over UDP", e),
            OnTrouble = trouble => _services.Warn($"Nothing that needs UDP goes through the proxy: {trouble}."),
            OnOtherPort = OnOtherUdpPort,
        });
        if (options.Dht is { } dht && Udp.For(ProxyUses.Dht) is { } nodes)
        {
            Dht = DhtStart.Create(_services, nodes, dht);
            _ = Dht.StartAsync();
        }

        if (options.Utp != UtpMode.Off && Udp.For(ProxyUses.Peers) is { } peers)
            StartUtp(peers);
        if (options.PortMapping && _listener is not null && !Binding.IsLoopback)
            MapPorts(family => Gateway.Find(Binding, family));
        _announced = AnnouncedPort(AnnounceFamily.IPv4);
    }

    /// <summary>Begins to map ports.</summary>
    /// <param name="findGateway">Finds the router of a family.</param>
    public void MapPorts(Func<AddressFamily, Gateway?> findGateway) =>
        Mapper = MapperStart.Create(this, _services, findGateway);

    /// <summary>A peer with a public address has connected to us.</summary>
    public void OnOutsider() => Volatile.Write(ref _outsiderAt, _services.Time.Now().Ticks);

    /// <summary>Checks whether the bound address is gone or has changed, and reports it if it has.</summary>
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

    /// <summary>Follows changes of the bound address, and checks whether peers can connect. Called by the heartbeat alone.</summary>
    /// <returns>Whether all existing connections must end because of it.</returns>
    public bool Follow()
    {
        HasLostAddress();
        SayWhatTheStartFound();
        if (OwnBinding.Refusal is { } refusal)
            _services.Warn(refusal);
        _checked = Reachability;
        bool isCut = OwnBinding.WhyCut(ref _epoch) is not null;
        if (_listener is { } listener && listener.Renew())
            ListenEndPoints = listener.EndPoints;
        FollowPort();
        return isCut;
    }

    private void OnAttempt(DialAttempt attempt)
    {
        _services.Metrics.AddDial(attempt.Transport, attempt.Path, attempt.IsEncrypted, attempt.IsGood);
        Log.Dialled(_services.Logger, attempt.Target, attempt.Transport, attempt.IsEncrypted, attempt.Path, attempt.IsGood);
    }

    public ValueTask StopListeningAsync() => Interlocked.Exchange(ref _listener, null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Ends each part, also if another cannot be ended properly.</summary>
    public async ValueTask DisposeAsync()
    {
        FaultLog faults = _services.FaultLog;
        await faults.EndAsync("listening", StopListeningAsync).ConfigureAwait(false);
        faults.End("local discovery", Local);
        await faults.EndAsync("port mapping", Mapper).ConfigureAwait(false);
        await faults.EndAsync("the DHT", Dht).ConfigureAwait(false);
        await faults.EndAsync("uTP", _utp).ConfigureAwait(false);
        await faults.EndAsync("UDP", Udp).ConfigureAwait(false);
        faults.End("trackers", Trackers);
        faults.End("web seeds", WebSeeds);
    }

    // It was logged at the start, when nobody could read events yet.
    private void SayWhatTheStartFound()
    {
        if (!_services.Events.HasReaders)
            return;
        Say(ref _turnedOff);
        Say(ref _otherPort);

        void Say(ref string? found)
        {
            if (Interlocked.Exchange(ref found, null) is { } words)
                _services.Events.Publish(new SessionEvent.Warning(null, words));
        }
    }

    // Only uTP has it announced: whoever asks over UDP is answered by whatever port.
    private void OnOtherUdpPort(int port)
    {
        if (!HasUtp || _listener is null)
            return;
        string words = $"UDP port {ListenPort} is taken by another program, so port {port} is used instead. Trackers and peers know only "
            + $"of port {ListenPort}: peers can connect over TCP, but not over uTP or through a hole. Choose another port, or 0 to let "
            + "the system choose.";
        Log.SessionWarning(_services.Logger, words);
        Volatile.Write(ref _otherPort, words);
    }

    // A router may be slow to map a port, and map another one than ours; by then torrents have announced. While there is no mapping, nobody
    // reaches us anyway, and the next may be the same.
    private void FollowPort()
    {
        int port = Mapper is null ? AnnouncedPort(AnnounceFamily.IPv4) : Mapper.Status.TcpPort ?? _announced;
        if (port == _announced)
            return;
        _announced = port;
        foreach (Torrent torrent in _services.Torrents.All)
            torrent.Actor.PostPortChanged();
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
            Agreements = _agreements,
            WantsUdp = HasUtp,
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
            // Connections that are closing still occupy a slot.
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

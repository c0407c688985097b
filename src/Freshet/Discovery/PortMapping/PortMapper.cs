using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Discovery.PortMapping;

/// <summary>
/// Maps a TCP port and a UDP port of the local router to us: by PCP or NAT-PMP, and by UPnP if it speaks neither; over IPv6, which has no
/// address translation, by PCP alone, which opens the firewall. It starts over when the machine moves to another network, or our ports
/// change.
/// </summary>
internal sealed class PortMapper : IMappingOwner, IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BetweenFirstLooks = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MostForUdp = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly PortMapperOptions _options;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private UpnpMapper? _upnp;
    private Gateway? _gateway;
    private LocalPorts _ports;
    private PortMappingStatus _status = new();

    public PortMapper(PortMapperOptions options) => _options = options;

    /// <summary>The current status.</summary>
    public PortMappingStatus Status => Volatile.Read(ref _status);

    public void Start() => _running = Task.Run(RunAsync);

    void IMappingOwner.OnMapped(MappingSource source, MappedProtocol protocol, int externalPort, IPAddress? externalAddress)
    {
        int? port = externalPort == 0 ? null : externalPort;
        if (port is not null && externalAddress is not null)
            _options.Addresses?.Hear(externalAddress, ExternalAddressSources.Router, Origin.OfHost(source.IsV6 ? "router6" : "router"));
        lock (_lock)
        {
            PortMappingStatus status = _status;
            if (source.IsV6)
                status = status with { IsOpenOverV6 = port is not null };
            else if (protocol == MappedProtocol.Tcp)
                status = status with { TcpPort = port, ExternalAddress = externalAddress ?? status.ExternalAddress };
            else
                status = status with { UdpPort = port, ExternalAddress = externalAddress ?? status.ExternalAddress };
            bool isMapped = (status.TcpPort ?? status.UdpPort) is not null;
            if (!source.IsV6)
            {
                status = isMapped
                    ? status with { Protocol = source.Protocol, Trouble = null }
                    : status with { Protocol = null, ExternalAddress = null };
            }

            Volatile.Write(ref _status, status);
        }
    }

    void IMappingOwner.OnFailed(MappingSource source, string reason)
    {
        lock (_lock)
        {
            if (source.IsV6 || _status.Protocol is not null)
                return;
            string trouble = $"the router {_gateway?.Router} maps no ports ({source.Protocol}): {reason}";
            Volatile.Write(ref _status, _status with { Trouble = trouble });
            if (_upnp is not null || _gateway is null || _ending.IsCancellationRequested)
                return;
            _upnp = new UpnpMapper(_options.Binding, _gateway, this, _options.Time);
            _upnp.Start(_ports.All());
        }
    }

    /// <summary>Removes all mappings, within about a second.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await WaitForUdpAsync(_ending.Token).ConfigureAwait(false);
            while (true)
                await RunOnceAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is ending.
        }
    }

    // Its socket is about to be opened. Without this, its mapping would come later and begin all others anew.
    private async Task WaitForUdpAsync(CancellationToken cancellationToken)
    {
        Timestamp end = _options.Time.Now() + MostForUdp;
        while (_options.Ports(AddressFamily.InterNetwork).Udp == 0 && _options.Time.Now() < end)
            await Task.Delay(BetweenFirstLooks, _options.Time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Maps by the current router, until there is another, or our ports are others.</summary>
    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        (Way V4, Way V6) ways = FindWays();
        GatewayPort? port = BeginV4(ways.V4);
        GatewayPort? port6 = Begin(ways.V6);
        try
        {
            while (FindWays() == ways)
                await Task.Delay(BetweenLooks, _options.Time, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            UpnpMapper? upnp;
            lock (_lock)
            {
                (upnp, _upnp, _gateway) = (_upnp, null, null);
                Volatile.Write(ref _status, new PortMappingStatus());
            }

            IAsyncDisposable?[] all = [port, port6, upnp];
            await Task.WhenAll(all.OfType<IAsyncDisposable>().Select(static one => one.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    private (Way V4, Way V6) FindWays() => (FindWay(AddressFamily.InterNetwork), FindWay(AddressFamily.InterNetworkV6));

    private Way FindWay(AddressFamily family) => new(_options.FindGateway(family), _options.Ports(family));

    private GatewayPort? BeginV4(Way way)
    {
        string? needless = way.Gateway is null ? "there is no router"
            : AddressScopes.Of(way.Gateway.Local) == AddressScope.Public ? "this machine has a public address"
            : null;
        lock (_lock)
            (_gateway, _ports, _status) = (way.Gateway, way.Ports, new PortMappingStatus { Trouble = needless });
        return needless is null ? Begin(way) : null;
    }

    private GatewayPort? Begin(Way way)
    {
        if (way.Gateway is null || GatewayPort.TryOpen(_options.Binding, way.Gateway, this, _options.Time) is not { } port)
            return null;
        foreach ((MappedProtocol protocol, int number) in way.Ports.All())
            port.Map(protocol, number);
        return port;
    }

    private readonly record struct Way(Gateway? Gateway, LocalPorts Ports);
}

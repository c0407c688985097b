using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.PortMapping;

namespace Freshet.Discovery.PortMapping;

/// <summary>
/// Maps a TCP port and a UDP port of the local router to us: by PCP or NAT-PMP, and by UPnP if it speaks neither; over IPv6, which has no
/// address translation, by PCP alone, which opens the firewall. It starts over when the machine moves to another network.
/// </summary>
internal sealed class PortMapper : IMappingOwner, IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);

    private readonly Lock _lock = new();
    private readonly PortMapperOptions _options;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;
    private UpnpMapper? _upnp;
    private Gateway? _gateway;
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
            _upnp.Start(Ports());
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
            while (true)
                await RunOnceAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is ending.
        }
    }

    /// <summary>Maps by the current router, until there is another.</summary>
    private async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        (Gateway? V4, Gateway? V6) gateways = FindGateways();
        GatewayPort? port = BeginV4(gateways.V4);
        GatewayPort? port6 = Begin(gateways.V6);
        try
        {
            while (FindGateways() == gateways)
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

    private (Gateway? V4, Gateway? V6) FindGateways() =>
        (_options.FindGateway(AddressFamily.InterNetwork), _options.FindGateway(AddressFamily.InterNetworkV6));

    private GatewayPort? BeginV4(Gateway? gateway)
    {
        string? needless = gateway is null ? "there is no router"
            : AddressScopes.Of(gateway.Local) == AddressScope.Public ? "this machine has a public address"
            : null;
        lock (_lock)
            (_gateway, _status) = (gateway, new PortMappingStatus { Trouble = needless });
        return needless is null ? Begin(gateway) : null;
    }

    private GatewayPort? Begin(Gateway? gateway)
    {
        if (gateway is null || GatewayPort.TryOpen(_options.Binding, gateway, this, _options.Time) is not { } port)
            return null;
        foreach ((MappedProtocol protocol, int number) in Ports())
            port.Map(protocol, number);
        return port;
    }

    private IReadOnlyList<(MappedProtocol Protocol, int Port)> Ports() =>
        [(MappedProtocol.Tcp, _options.Port()), (MappedProtocol.Udp, _options.Port())];
}

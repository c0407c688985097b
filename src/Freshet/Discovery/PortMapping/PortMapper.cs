using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Discovery.PortMapping;

/// <summary>
/// Maps a TCP port and a UDP port of the local router to us: by PCP or NAT-PMP, and by UPnP if it speaks neither; over IPv6, which has no
/// address translation, by PCP alone, which opens the firewall. Each family starts over by itself when the machine moves to another
/// network, or our ports change: IPv6 addresses change daily, which must not cost the mappings over IPv4.
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

    void IMappingOwner.OnFault(Exception fault) => _options.OnFault(fault);

    /// <summary>Removes all mappings, within about a second.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            await WaitForUdpAsync(_ending.Token).ConfigureAwait(false);
            await Task.WhenAll(
                RunAsync(AddressFamily.InterNetwork, RunOnceV4Async),
                RunAsync(AddressFamily.InterNetworkV6, RunOnceV6Async)).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It is ending.
        }
        catch (Exception e)
        {
            _options.OnFault(e);
        }
    }

    /// <summary>Maps the ports of a family, until the end. What fails is reported, and tried again at the next look.</summary>
    private async Task RunAsync(AddressFamily family, Func<Way, Task> runOnce)
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                await runOnce(FindWay(family)).ConfigureAwait(false);
                continue;
            }
            catch (Exception e) when (!_ending.IsCancellationRequested)
            {
                _options.OnFault(e);
            }

            await Task.Delay(BetweenLooks, _options.Time, _ending.Token).ConfigureAwait(false);
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
    private async Task RunOnceV4Async(Way way)
    {
        GatewayPort? port = BeginV4(way);
        try
        {
            await WaitForOtherAsync(way, AddressFamily.InterNetwork).ConfigureAwait(false);
        }
        finally
        {
            UpnpMapper? upnp;
            lock (_lock)
            {
                (upnp, _upnp, _gateway) = (_upnp, null, null);
                Publish(new PortMappingStatus());
            }

            IAsyncDisposable?[] all = [port, upnp];
            await Task.WhenAll(all.OfType<IAsyncDisposable>().Select(static one => one.DisposeAsync().AsTask())).ConfigureAwait(false);
        }
    }

    private async Task RunOnceV6Async(Way way)
    {
        GatewayPort? port = Begin(way);
        try
        {
            await WaitForOtherAsync(way, AddressFamily.InterNetworkV6).ConfigureAwait(false);
        }
        finally
        {
            lock (_lock)
                Volatile.Write(ref _status, _status with { IsOpenOverV6 = false });
            if (port is not null)
                await port.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task WaitForOtherAsync(Way way, AddressFamily family)
    {
        while (FindWay(family) == way)
            await Task.Delay(BetweenLooks, _options.Time, _ending.Token).ConfigureAwait(false);
    }

    // All of it is about IPv4, except for one thing.
    private void Publish(PortMappingStatus v4) => Volatile.Write(ref _status, v4 with { IsOpenOverV6 = _status.IsOpenOverV6 });

    private Way FindWay(AddressFamily family) => new(_options.FindGateway(family), _options.Ports(family));

    private GatewayPort? BeginV4(Way way)
    {
        string? needless = way.Gateway is null ? "there is no router"
            : AddressScopes.Of(way.Gateway.Local) == AddressScope.Public ? "this machine has a public address"
            : null;
        lock (_lock)
        {
            (_gateway, _ports) = (way.Gateway, way.Ports);
            Publish(new PortMappingStatus { Trouble = needless });
        }

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

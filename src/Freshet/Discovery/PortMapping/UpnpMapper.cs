using System.Net;
using Freshet.Core.PortMapping;
using Freshet.Network;

namespace Freshet.Discovery.PortMapping;

/// <summary>
/// Maps ports of the router over UPnP, renews the mappings, and removes them at the end, whatever happened before.
/// </summary>
internal sealed class UpnpMapper : IAsyncDisposable
{
    private static readonly MappingSource Source = new("UPnP", IsV6: false);
    private static readonly TimeSpan Goodbye = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Renewal = TimeSpan.FromSeconds(PortMappingLimits.UpnpRenewalSeconds);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(PortMappingLimits.RetrySeconds);

    private readonly NetworkBinding _binding;
    private readonly Gateway _gateway;
    private readonly IMappingOwner _owner;
    private readonly TimeProvider _time;
    private readonly UpnpClient _client;
    private readonly CancellationTokenSource _ending = new();

    // What the router may still map for us, with the service that was last asked. A mapping whose renewal failed stays here, since it may
    // exist until it expires, or forever.
    private readonly Dictionary<(MappedProtocol Protocol, int Port), (int External, UpnpService Service)> _mapped = [];
    private UpnpService? _service;
    private Task _running = Task.CompletedTask;

    public UpnpMapper(NetworkBinding binding, Gateway gateway, IMappingOwner owner, TimeProvider time)
    {
        _binding = binding;
        _gateway = gateway;
        _owner = owner;
        _time = time;
        _client = new UpnpClient(binding);
    }

    /// <summary>Starts mapping ports.</summary>
    public void Start(IReadOnlyList<(MappedProtocol Protocol, int Port)> ports) => _running = Task.Run(() => RunAsync(ports));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        using CancellationTokenSource patience = new(Goodbye, _time);
        await Task.WhenAll(
            _mapped.Select(mapped => RemoveAsync(mapped.Key.Protocol, mapped.Value, patience.Token))).ConfigureAwait(false);
        _client.Dispose();
        _ending.Dispose();
    }

    private async Task RemoveAsync(
        MappedProtocol protocol, (int External, UpnpService Service) mapping, CancellationToken cancellationToken)
    {
        try
        {
            byte[] delete = UpnpAction.WriteDelete(mapping.Service, protocol, mapping.External);
            await _client.PostAsync(mapping.Service, "DeletePortMapping", delete, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The mapping expires by itself.
        }
        catch (Exception e)
        {
            // The others are removed all the same.
            _owner.OnFault(e);
        }
    }

    private async Task RunAsync(IReadOnlyList<(MappedProtocol Protocol, int Port)> ports)
    {
        try
        {
            while (true)
            {
                string? trouble = await TryMapSafelyAsync(ports).ConfigureAwait(false);
                if (trouble is not null)
                    _owner.OnFailed(Source, trouble);
                await Task.Delay(trouble is null ? Renewal : Retry, _time, _ending.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // It is ending.
        }
    }

    // Whatever the router may say, it is asked again later.
    private async Task<string?> TryMapSafelyAsync(IReadOnlyList<(MappedProtocol Protocol, int Port)> ports)
    {
        try
        {
            return await TryMapAsync(ports, _ending.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (!_ending.IsCancellationRequested)
        {
            _service = null;
            _owner.OnFault(e);
            return "its answer led to an error";
        }
    }

    /// <summary>Maps all ports, or returns why not, for people.</summary>
    private async Task<string?> TryMapAsync(IReadOnlyList<(MappedProtocol Protocol, int Port)> ports, CancellationToken cancellationToken)
    {
        _service ??= await FindAsync(cancellationToken).ConfigureAwait(false);
        if (_service is not { } service)
            return "it does not answer";
        byte[]? answer = await _client.PostAsync(
            service, "GetExternalIPAddress", UpnpAction.WriteAddress(service), cancellationToken).ConfigureAwait(false);
        IPAddress? external = answer is null ? null : UpnpAction.AddressOf(answer);
        foreach ((MappedProtocol protocol, int port) in ports)
        {
            bool wasMapped = _mapped.ContainsKey((protocol, port));
            (int? mapped, string? trouble) = await MapAsync(service, protocol, port, cancellationToken).ConfigureAwait(false);
            if (mapped is not { } externalPort)
            {
                // The service or its port may have changed by the next attempt.
                _service = null;
                if (wasMapped)
                    _owner.OnMapped(Source, protocol, 0, null);
                return trouble;
            }

            _mapped[(protocol, port)] = (externalPort, service);
            _owner.OnMapped(Source, protocol, externalPort, external);
        }

        return null;
    }

    private async Task<UpnpService?> FindAsync(CancellationToken cancellationToken)
    {
        Uri? location = await UpnpSearch.RunAsync(_binding, _gateway, _time, cancellationToken).ConfigureAwait(false);
        if (location is null || await _client.GetAsync(location, cancellationToken).ConfigureAwait(false) is not { } description)
            return null;
        return UpnpService.TryFind(description, location, out UpnpService? service) ? service : null;
    }

    private async Task<(int? External, string? Trouble)> MapAsync(
        UpnpService service, MappedProtocol protocol, int port, CancellationToken cancellationToken)
    {
        int lease = PortMappingLimits.LifetimeSeconds;
        int external = _mapped.TryGetValue((protocol, port), out (int External, UpnpService) last) ? last.External : port;
        for (int tries = 0; tries < PortMappingLimits.MaxUpnpPorts; tries++)
        {
            byte[] add = UpnpAction.WriteAdd(service, protocol, (port, external), _gateway.Local, lease);
            byte[]? answer = await _client.PostAsync(service, "AddPortMapping", add, cancellationToken).ConfigureAwait(false);
            if (answer is null)
                return (null, "it does not answer");
            switch (UpnpAction.ErrorOf(answer))
            {
                case null:
                    return UpnpAction.IsDone(answer, "AddPortMapping")
                        ? (external, null)
                        : (null, "it does not say that the port is mapped");
                case UpnpAction.OnlyPermanent when lease != 0:
                    lease = 0;
                    break;
                case UpnpAction.Conflict:
                    // Another machine has the port now, which we must not remove when we end.
                    _mapped.Remove((protocol, port));
                    external = Random.Shared.Next(1024, 65_536);
                    break;
                case { } code:
                    return (null, $"it refuses with UPnP error {code}");
            }
        }

        return (null, "others have all the ports that were tried");
    }
}

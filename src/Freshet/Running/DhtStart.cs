using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Dht;
using Freshet.Core.Peers;
using Freshet.Core.Wire.Proxies;
using Freshet.Diagnostics;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet.Running;

/// <summary>Creates a DHT node from its options and from what a session's state folder has recorded.</summary>
internal static class DhtStart
{
    /// <summary>Creates a session's node, whose state is recorded.</summary>
    public static DhtService Create(SessionServices services, UdpMux udp, DhtOptions options)
    {
        DhtServiceOptions made = OptionsOf(udp, services.Network.Ways.BindingFor(ProxyUses.Dht), services.Time, options);
        return new DhtService(made with
        {
            Machine = made.Machine with { Memory = Recall(services), Addresses = services.Network.Addresses },
            Save = memory => SaveAsync(services, memory),
        });
    }

    /// <summary>Creates a standalone node.</summary>
    public static DhtService Create(UdpMux udp, NetworkBinding binding, TimeProvider time, DhtOptions options) =>
        new(OptionsOf(udp, binding, time, options));

    /// <summary>
    /// Which nodes on private networks and on this machine are queried and answered: those of the ranges to which bootstrap nodes belong,
    /// and no others, since anybody can name any. That the session is bound to a private address says nothing: whoever is behind a router
    /// or a VPN has no other.
    /// </summary>
    public static DhtMachineOptions Allowing(NetworkBinding binding, DhtOptions options) => new()
    {
        AllowsLocal = options.AllowLocalNodes || binding.IsLoopback,
        LocalNetworks = NetworksOf(options),
    };

    private static DhtServiceOptions OptionsOf(UdpMux udp, NetworkBinding binding, TimeProvider time, DhtOptions options) => new()
    {
        Mux = udp,
        Binding = binding,
        Time = time,
        Bootstrap = Hosts(options.Bootstrap.Except(DhtOptions.WellKnownBootstrap)),
        Routers = binding.IsLoopback ? [] : Hosts(options.Bootstrap.Intersect(DhtOptions.WellKnownBootstrap)),
        Machine = Allowing(binding, options) with
        {
            HasStandIns = udp.Names is not null,
            EnforcesIds = options.EnforceNodeIds,

            // Queries from outside do not get through a proxy, or not for long.
            IsReadOnly = options.ReadOnly || udp.Names is not null,
        },
    };

    private static ImmutableArray<DhtHost> Hosts(IEnumerable<string> names)
    {
        List<DhtHost> hosts = [];
        foreach (string name in names)
        {
            if (DhtHost.TryParse(name, out DhtHost host))
                hosts.Add(host);
        }

        return [.. hosts];
    }

    // Only addresses count: the owner of a name decides what it resolves to.
    private static ImmutableArray<IPNetwork> NetworksOf(DhtOptions options)
    {
        List<IPNetwork> networks = [];
        foreach (DhtHost host in Hosts(options.Bootstrap))
        {
            if (IPAddress.TryParse(host.Name, out IPAddress? address) && LocalRanges.Of(address) is { } range)
                networks.Add(range);
        }

        return [.. networks.Distinct()];
    }

    // Sessions that share a folder share the known nodes, but each has its own ids.
    private static DhtMemory Recall(SessionServices services)
    {
        if (services.State is not { } state || !DhtMemory.TryRead(services.TakeSavedDht(), out DhtMemory memory))
            return DhtMemory.Empty;
        return state.IsAlone ? memory : memory with { Id = null, Id6 = null };
    }

    private static async Task SaveAsync(SessionServices services, byte[] memory)
    {
        try
        {
            if (services.State is { } state)
                await state.RunAsync(() => state.SaveDht(memory)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ObjectDisposedException)
        {
            Log.SessionWarning(services.Logger, $"The nodes of the DHT cannot be kept: {e.Message}");
        }
    }
}

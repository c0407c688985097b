using System.Collections.Immutable;
using Freshet.Core.Dht;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>Options of a <see cref="DhtService"/>.</summary>
internal sealed record DhtServiceOptions
{
    public required UdpMux Mux { get; init; }

    public required NetworkBinding Binding { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>The bootstrap nodes.</summary>
    public ImmutableArray<DhtHost> Bootstrap { get; init; } = [];

    /// <summary>Public nodes that serve everyone.</summary>
    public ImmutableArray<DhtHost> Routers { get; init; } = [];

    /// <summary>Options of its machine. The families are those of the binding.</summary>
    public DhtMachineOptions Machine { get; init; } = new();

    /// <summary>Saves the state for the next run, from time to time and at the end; does not block.</summary>
    public Func<byte[], Task> Save { get; init; } = static _ => Task.CompletedTask;
}

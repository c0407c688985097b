using System.Collections.Immutable;
using Freshet.Core.Dht;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>What a <see cref="DhtService"/> is made of.</summary>
internal sealed record DhtServiceOptions
{
    public required UdpMux Mux { get; init; }

    public required NetworkBinding Binding { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Nodes to begin from.</summary>
    public ImmutableArray<DhtHost> Bootstrap { get; init; } = [];

    /// <summary>Nodes that serve everybody.</summary>
    public ImmutableArray<DhtHost> Routers { get; init; } = [];

    /// <summary>How its node behaves. The families are those of the binding.</summary>
    public DhtMachineOptions Machine { get; init; } = new();

    /// <summary>Keeps what is worth keeping for the next run, now and then and at the end; does not block.</summary>
    public Func<byte[], Task> Save { get; init; } = static _ => Task.CompletedTask;
}

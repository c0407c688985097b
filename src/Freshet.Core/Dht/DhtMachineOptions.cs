using Freshet.Core.Peers;

namespace Freshet.Core.Dht;

/// <summary>What stays the same for the life of a <see cref="DhtMachine"/>.</summary>
internal sealed record DhtMachineOptions
{
    /// <summary>Whether there is a socket for IPv4.</summary>
    public bool HasV4 { get; init; } = true;

    /// <summary>Whether there is a socket for IPv6.</summary>
    public bool HasV6 { get; init; }

    /// <summary>Whether nodes on private networks and on this machine are asked and answered.</summary>
    public bool AllowsLocal { get; init; }

    /// <summary>Whether only nodes count whose id goes with their address (BEP 42).</summary>
    public bool EnforcesIds { get; init; }

    /// <summary>Whether we ask and do not answer (BEP 43).</summary>
    public bool IsReadOnly { get; init; }

    /// <summary>Where nodes say how they see us, and where our id comes from; null for a vote of nodes alone.</summary>
    public IExternalAddresses? Addresses { get; init; }

    /// <summary>What an earlier run knew.</summary>
    public DhtMemory Memory { get; init; } = DhtMemory.Empty;
}

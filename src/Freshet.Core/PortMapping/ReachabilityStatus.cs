namespace Freshet.Core.PortMapping;

/// <summary>Whether peers on the internet can connect to us, as far as is known. Immutable.</summary>
public sealed record ReachabilityStatus
{
    /// <summary>True if a peer has connected recently; false if it is known why none can; null if unknown.</summary>
    public required bool? IsReachable { get; init; }

    /// <summary>What is known, as text.</summary>
    public required string Reason { get; init; }

    /// <summary>The time since a peer with a public address last connected to us; null if none has.</summary>
    public TimeSpan? LastIncoming { get; init; }
}

namespace Freshet.Core.PortMapping;

/// <summary>Whether peers on the internet can connect to us, as far as is known. Immutable.</summary>
public sealed record ReachabilityStatus
{
    /// <summary>True if one has lately; false if it is known why none can; null if nothing is known.</summary>
    public required bool? IsReachable { get; init; }

    /// <summary>What is known, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>How long ago a peer with a public address connected to us last; null if none has.</summary>
    public TimeSpan? LastIncoming { get; init; }
}

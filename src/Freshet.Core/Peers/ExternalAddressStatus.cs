using System.Net;

namespace Freshet.Core.Peers;

/// <summary>Our address on the internet, as others see it. Immutable.</summary>
public sealed record ExternalAddressStatus
{
    /// <summary>It, without a port.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>Networks that say so, of those that said anything last.</summary>
    public required int Votes { get; init; }

    /// <summary>Networks that said anything, at most 64.</summary>
    public required int Voters { get; init; }

    /// <summary>Who says so.</summary>
    public required ExternalAddressSources Sources { get; init; }
}

using System.Net;

namespace Freshet.Core.Peers;

/// <summary>Our address on the internet as seen by others. Immutable.</summary>
public sealed record ExternalAddressStatus
{
    /// <summary>The address, without a port.</summary>
    public required IPAddress Address { get; init; }

    /// <summary>The number of networks whose latest report is this address.</summary>
    public required int Votes { get; init; }

    /// <summary>The number of networks that reported any address, at most 64.</summary>
    public required int Voters { get; init; }

    /// <summary>The sources that report this address.</summary>
    public required ExternalAddressSources Sources { get; init; }
}

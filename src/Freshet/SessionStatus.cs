using System.Collections.Immutable;
using Freshet.Core.Dht;
using Freshet.Core.Local;
using Freshet.Core.Peers;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;

namespace Freshet;

/// <summary>A session at one moment. Immutable.</summary>
public sealed record SessionStatus
{
    /// <summary>Its torrents.</summary>
    public required int Torrents { get; init; }

    /// <summary>Those of which it is not known yet what they hold.</summary>
    public required int FetchingMetadata { get; init; }

    /// <summary>Those that download.</summary>
    public required int Downloading { get; init; }

    /// <summary>Those that seed.</summary>
    public required int Seeding { get; init; }

    /// <summary>Those whose data is being checked.</summary>
    public required int Checking { get; init; }

    /// <summary>Those that wait for a disk.</summary>
    public required int WaitingForDisk { get; init; }

    /// <summary>Those that wait for their turn to be active.</summary>
    public required int Queued { get; init; }

    /// <summary>Those that cannot go on without their user.</summary>
    public required int Failed { get; init; }

    /// <summary>Connected peers, all torrents together.</summary>
    public required int Connections { get; init; }

    /// <summary>Payload received per second, over the last few seconds.</summary>
    public required DataRate DownloadRate { get; init; }

    /// <summary>Payload sent per second, over the last few seconds.</summary>
    public required DataRate UploadRate { get; init; }

    /// <summary>How its node of the DHT stands; null if it takes no part.</summary>
    public DhtStatus? Dht { get; init; }

    /// <summary>Whether peers on the internet can connect to us, as far as is known.</summary>
    public required ReachabilityStatus Reachability { get; init; }

    /// <summary>
    /// Our addresses on the internet, at most one of each family: those that most of the trackers, peers, nodes of the DHT and routers say
    /// that were heard last. Empty while nobody has said anything.
    /// </summary>
    public ImmutableArray<ExternalAddressStatus> ExternalAddresses { get; init; } = [];

    /// <summary>Which ports of the router lead to us; null if it is not asked.</summary>
    public PortMappingStatus? PortMapping { get; init; }

    /// <summary>How local discovery stands; null if it takes no part.</summary>
    public LocalDiscoveryStatus? Local { get; init; }

    /// <summary>The proxy by which alone others are reached, without user and password; null if there is none.</summary>
    public string? Proxy { get; init; }

    /// <summary>Ranges of addresses that are blocked; null if the session has no <see cref="SessionOptions.Blocklist"/>.</summary>
    public int? BlockedRanges { get; init; }

    /// <summary>
    /// The port that peers and trackers are told. It is the one of the options, or that which the system chose for port 0. Behind a proxy,
    /// where nobody can connect to us, it is 0.
    /// </summary>
    public required int ListenPort { get; init; }
}

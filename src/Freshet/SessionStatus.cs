using System.Collections.Immutable;
using Freshet.Core.Dht;
using Freshet.Core.Local;
using Freshet.Core.Peers;
using Freshet.Core.PortMapping;
using Freshet.Core.Rates;

namespace Freshet;

/// <summary>A snapshot of a session. Immutable.</summary>
public sealed record SessionStatus
{
    /// <summary>The number of torrents.</summary>
    public required int Torrents { get; init; }

    /// <summary>The number of torrents that are fetching their metadata.</summary>
    public required int FetchingMetadata { get; init; }

    /// <summary>The number of torrents that are downloading.</summary>
    public required int Downloading { get; init; }

    /// <summary>The number of torrents that are seeding.</summary>
    public required int Seeding { get; init; }

    /// <summary>The number of torrents whose data is being checked.</summary>
    public required int Checking { get; init; }

    /// <summary>The number of torrents that are waiting for a disk.</summary>
    public required int WaitingForDisk { get; init; }

    /// <summary>The number of torrents that are waiting for their turn in the queue.</summary>
    public required int Queued { get; init; }

    /// <summary>The number of torrents that cannot continue until the user takes action.</summary>
    public required int Failed { get; init; }

    /// <summary>The number of connected peers of all torrents together.</summary>
    public required int Connections { get; init; }

    /// <summary>Payload received per second, over the last few seconds.</summary>
    public required DataRate DownloadRate { get; init; }

    /// <summary>Payload sent per second, over the last few seconds.</summary>
    public required DataRate UploadRate { get; init; }

    /// <summary>The status of the DHT node; null if the DHT is disabled.</summary>
    public DhtStatus? Dht { get; init; }

    /// <summary>Whether peers on the internet can connect to us, as far as is known.</summary>
    public required ReachabilityStatus Reachability { get; init; }

    /// <summary>
    /// Our external addresses, at most one of each family: those that most of the trackers, peers, DHT nodes and routers heard from
    /// recently report. Empty until one has been reported.
    /// </summary>
    public ImmutableArray<ExternalAddressStatus> ExternalAddresses { get; init; } = [];

    /// <summary>The ports that the router maps to us; null if port mapping is disabled.</summary>
    public PortMappingStatus? PortMapping { get; init; }

    /// <summary>The status of local discovery; null if it is disabled.</summary>
    public LocalDiscoveryStatus? Local { get; init; }

    /// <summary>The proxy in use, without user name and password; null if there is none.</summary>
    public string? Proxy { get; init; }

    /// <summary>The number of blocked address ranges; null if the session has no <see cref="SessionOptions.Blocklist"/>.</summary>
    public int? BlockedRanges { get; init; }

    /// <summary>
    /// The port announced to peers and trackers: the one in the options, or the one the system chose for port 0. It is 0 behind a proxy,
    /// where nobody can connect to us.
    /// </summary>
    public required int ListenPort { get; init; }
}

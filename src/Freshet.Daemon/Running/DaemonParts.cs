using Freshet.Daemon.Countries;
using Freshet.Daemon.Feeds;
using Freshet.Daemon.Logging;
using Freshet.Daemon.Metrics;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Running;

/// <summary>What the handlers of requests share.</summary>
internal sealed record DaemonParts
{
    public required DaemonOptions Options { get; init; }

    public required Session Session { get; init; }

    public required SessionControl Control { get; init; }

    public required FolderPaths Paths { get; init; }

    public required CommandOrder Order { get; init; }

    public required QueueTurns QueueTurns { get; init; }

    public required Moves Moves { get; init; }

    public required Catalog Catalog { get; init; }

    public required EventJournal Journal { get; init; }

    public required LogBook Log { get; init; }

    public required Troubles Troubles { get; init; }

    public required RateHistories History { get; init; }

    public required PrometheusText Metrics { get; init; }

    public required Doors Doors { get; init; }

    public required Health Health { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Finds the countries of addresses; null if there is no database.</summary>
    public required CountryDatabase? Countries { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>Cancelled when the daemon stops, to end long-running requests.</summary>
    public required CancellationToken Stopping { get; init; }
}

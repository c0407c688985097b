using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Peers;

/// <summary>The answers of all sources that were asked for a torrent's peers.</summary>
/// <param name="InfoHash">The torrent's swarm.</param>
/// <param name="Trackers">The answers of trackers.</param>
internal sealed record SwarmReport(InfoHash InfoHash, ImmutableArray<TrackerReport> Trackers)
{
    /// <summary>The result of the DHT; null if it was not asked.</summary>
    public DhtPeers? Dht { get; init; }

    /// <summary>The result of the local networks; null if the command did not listen.</summary>
    public LocalReport? Local { get; init; }

    /// <summary>Whether any source answered.</summary>
    public bool HasAnswer =>
        Trackers.Any(static report => report.Answer.Succeeded) || Dht is { Answers: > 0 } || Local is { Peers.IsEmpty: false };
}

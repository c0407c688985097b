using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Peers;

/// <summary>What each source that was asked for a torrent's peers gave.</summary>
/// <param name="InfoHash">The torrent's swarm.</param>
/// <param name="Trackers">What trackers answered.</param>
internal sealed record SwarmReport(InfoHash InfoHash, ImmutableArray<TrackerReport> Trackers)
{
    /// <summary>What the DHT knows; null if it was not asked.</summary>
    public DhtPeers? Dht { get; init; }

    /// <summary>Who is on the local networks; null if nobody listened there.</summary>
    public LocalReport? Local { get; init; }

    /// <summary>Whether anybody answered.</summary>
    public bool HasAnswer =>
        Trackers.Any(static report => report.Answer.Succeeded) || Dht is { Answers: > 0 } || Local is { Peers.IsEmpty: false };
}

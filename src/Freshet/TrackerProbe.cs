using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Discovery;

namespace Freshet;

/// <summary>Asks trackers about a torrent's swarm once, without a session.</summary>
public static class TrackerProbe
{
    /// <summary>
    /// Announces to trackers, all at once, as a peer that has nothing yet, and takes the announce back. Each is asked over IPv4 and over IPv6,
    /// as far as it has addresses, since many name only peers of the family that they are asked over.
    /// </summary>
    /// <param name="metainfo">The torrent.</param>
    /// <param name="trackers">Announce URLs (http or https).</param>
    /// <param name="port">The port to announce, 0 to 65,535.</param>
    /// <param name="bindAddress">The local address to ask from, or null for the system's choice. If it cannot be used, nothing is sent.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>One result for each tracker, in their order. A tracker that does not answer is a result with an error.</returns>
    public static async Task<IReadOnlyList<TrackerProbeResult>> RunAsync(
        TorrentMetainfo metainfo, IEnumerable<string> trackers, int port, IPAddress? bindAddress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(metainfo);
        ArgumentNullException.ThrowIfNull(trackers);
        ArgumentOutOfRangeException.ThrowIfNegative(port);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, IPEndPoint.MaxPort);
        ImmutableArray<TrackerReport> reports =
            await new TrackerSurvey(metainfo, port, bindAddress).RunAsync(trackers, cancellationToken).ConfigureAwait(false);
        return [.. reports.Select(ToResult)];
    }

    private static TrackerProbeResult ToResult(TrackerReport report) => new()
    {
        Url = report.Url,
        Error = report.Error,
        Warning = report.Warning,
        Interval = report.Interval,
        Seeders = report.Seeders,
        Leechers = report.Leechers,
        Peers = [.. report.Peers.Select(peer => (peer.EndPoint, peer.PeerId))],
    };
}

using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Network;

namespace Freshet.Discovery;

/// <summary>
/// Asks trackers for peers, all at once, and leaves again. Each is asked over IPv4 and over IPv6, as far as it has addresses, since
/// many name only peers of the family they are asked over.
/// </summary>
internal sealed class TrackerSurvey(TorrentMetainfo metainfo, int port, IPAddress? bindAddress)
{
    private const int WantedPeers = 200;
    private static readonly ImmutableArray<AnnounceFamily> Families = [AnnounceFamily.IPv4, AnnounceFamily.IPv6];
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    public async Task<ImmutableArray<TrackerReport>> RunAsync(IEnumerable<string> trackers, CancellationToken cancellationToken)
    {
        using HttpTracker http = new(new HttpRequesterOptions { Binding = new NetworkBinding(bindAddress) });
        AnnounceRequest request = new()
        {
            InfoHash = metainfo.SwarmHash,
            PeerId = PeerIds.Create(Random.Shared),
            Port = port,
            Uploaded = 0,
            Downloaded = 0,
            Left = metainfo.Layout.TotalLength,
            Event = AnnounceEvent.Started,
            NumWant = WantedPeers,
            Key = (uint)Random.Shared.NextInt64(uint.MaxValue),
        };
        TrackerReport[] reports = [];
        try
        {
            reports = await Task.WhenAll(trackers.Select(tracker => AskAsync(http, tracker, request, cancellationToken))).ConfigureAwait(false);
            return [.. reports];
        }
        finally
        {
            await LeaveAsync(http, reports, request).ConfigureAwait(false);
        }
    }

    private static async Task<TrackerReport> AskAsync(HttpTracker http, string tracker, AnnounceRequest request, CancellationToken cancellationToken)
    {
        TrackerOutcome<AnnounceResponse>[] outcomes = await Task.WhenAll(Families.Select(
            family => http.AnnounceAsync(tracker, request with { Family = family }, cancellationToken))).ConfigureAwait(false);
        return TrackerReport.Of(tracker, Families.Zip(outcomes));
    }

    /// <summary>Says goodbye, so that nobody dials a peer that is not there. Trackers forget us in time if they do not hear it.</summary>
    private static async Task LeaveAsync(HttpTracker http, TrackerReport[] reports, AnnounceRequest request)
    {
        using CancellationTokenSource timeout = new(GoodbyeTimeout);
        IEnumerable<Task> goodbyes = reports.SelectMany(report => report.Answers.Select(answer => http.AnnounceAsync(
            report.Url,
            request with { Event = AnnounceEvent.Stopped, NumWant = 0, Family = answer.Family, TrackerId = answer.Response.TrackerId },
            timeout.Token)));
        await Task.WhenAll(goodbyes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

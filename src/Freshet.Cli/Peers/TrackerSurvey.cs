using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Discovery;

namespace Freshet.Cli.Peers;

/// <summary>Asks trackers for peers, all at once, and leaves again.</summary>
internal static class TrackerSurvey
{
    private const int WantedPeers = 200;
    private static readonly TimeSpan GoodbyeTimeout = TimeSpan.FromSeconds(5);

    public static async Task<ImmutableArray<TrackerReport>> RunAsync(
        TorrentMetainfo metainfo, IEnumerable<string> trackers, int port, CancellationToken cancellationToken)
    {
        using HttpTracker http = new(new HttpTrackerOptions());
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
        TrackerOutcome<AnnounceResponse> outcome = await http.AnnounceAsync(tracker, request, cancellationToken).ConfigureAwait(false);
        return outcome.HasAnswer
            ? new TrackerReport(tracker, outcome.Answer, outcome.Answer.FailureReason)
            : new TrackerReport(tracker, null, outcome.Failure);
    }

    /// <summary>Says goodbye, so that nobody dials a peer that is not there. Trackers forget us in time if they do not hear it.</summary>
    private static async Task LeaveAsync(HttpTracker http, TrackerReport[] reports, AnnounceRequest request)
    {
        using CancellationTokenSource timeout = new(GoodbyeTimeout);
        IEnumerable<Task> goodbyes = reports.Where(report => report.Succeeded).Select(report => http.AnnounceAsync(
            report.Url, request with { Event = AnnounceEvent.Stopped, NumWant = 0, TrackerId = report.Answer?.TrackerId }, timeout.Token));
        await Task.WhenAll(goodbyes).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}

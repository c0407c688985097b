using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>A transport to trackers. Thread-safe. Failures of a tracker are in the outcome; it throws only if cancelled.</summary>
internal interface ITrackerTransport : IDisposable
{
    /// <param name="tracker">The tracker's URL as given by the torrent or the user.</param>
    /// <param name="request">The announce.</param>
    /// <param name="cancellationToken">Cancels the announce.</param>
    Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string tracker, AnnounceRequest request, CancellationToken cancellationToken);

    /// <summary>Scrapes swarms, no more than fit into one request.</summary>
    Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(
        string tracker, IReadOnlySet<InfoHash> infoHashes, AnnounceFamily family, CancellationToken cancellationToken);
}

using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>A way to ask trackers, for any thread. Trouble with a tracker is in the outcome; it throws only if it is cancelled.</summary>
internal interface ITrackerTransport : IDisposable
{
    /// <param name="tracker">The tracker's URL as the torrent has it, or the user.</param>
    /// <param name="request">What it is told.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string tracker, AnnounceRequest request, CancellationToken cancellationToken);

    /// <summary>Asks for the numbers of swarms, no more than one request may ask for.</summary>
    Task<TrackerOutcome<ScrapeResponse>> ScrapeAsync(
        string tracker, IReadOnlySet<InfoHash> infoHashes, AnnounceFamily family, CancellationToken cancellationToken);
}

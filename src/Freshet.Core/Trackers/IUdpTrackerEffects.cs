using System.Net;

namespace Freshet.Core.Trackers;

/// <summary>
/// What a <see cref="UdpTrackerMachine"/> can ask for. Every accepted query ends with one of the last three calls, or is cancelled.
/// </summary>
internal interface IUdpTrackerEffects
{
    /// <summary>Sends a datagram; the span must not be kept.</summary>
    void Send(ReadOnlySpan<byte> datagram, IPEndPoint server);

    /// <summary>The tracker answered an announce, possibly with an error message.</summary>
    void OnAnnounced(UdpTrackerQuery query, AnnounceResponse response);

    /// <summary>The tracker answered a scrape, possibly with an error message.</summary>
    void OnScraped(UdpTrackerQuery query, ScrapeResponse response);

    /// <summary>There was no answer, or an invalid one.</summary>
    /// <param name="query">The query.</param>
    /// <param name="reason">The reason, as text that follows the tracker's name.</param>
    /// <param name="isSilent">Whether the tracker did not answer.</param>
    void OnFailed(UdpTrackerQuery query, string reason, bool isSilent);
}

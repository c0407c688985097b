using System.Net;

namespace Freshet.Core.Trackers;

/// <summary>
/// What a <see cref="UdpTrackerMachine"/> asks for. Every query that it took ends by one of the last three, or is cancelled.
/// </summary>
internal interface IUdpTrackerEffects
{
    /// <summary>Sends a datagram; the span is not to be kept.</summary>
    void Send(ReadOnlySpan<byte> datagram, IPEndPoint server);

    /// <summary>The tracker answered, if only by a refusal in words.</summary>
    void OnAnnounced(UdpTrackerQuery query, AnnounceResponse response);

    /// <summary>The tracker answered a scrape, if only by a refusal in words.</summary>
    void OnScraped(UdpTrackerQuery query, ScrapeResponse response);

    /// <summary>There is no answer, or one that makes no sense.</summary>
    /// <param name="query">What was asked.</param>
    /// <param name="reason">Why, in words that follow the tracker's name.</param>
    /// <param name="isSilent">Whether the tracker did not answer.</param>
    void OnFailed(UdpTrackerQuery query, string reason, bool isSilent);
}

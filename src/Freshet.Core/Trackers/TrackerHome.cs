using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A tracker over one address family and for one swarm; see <see cref="AnnounceTarget"/>. At most one announce is in progress, and ends
/// with its answer, its failure or its time-out.
/// </summary>
internal sealed class TrackerHome(AnnounceTarget target)
{
    public AnnounceTarget Target { get; } = target;

    /// <summary>The announce in progress, or null.</summary>
    public AnnounceEvent? UnderWay { get; private set; }

    /// <summary>When the announce in progress times out.</summary>
    public Timestamp TimesOutAt { get; private set; }

    /// <summary>Whether the tracker counts us among the torrent's peers: it has received started, and no stopped since.</summary>
    public bool HasHeardStarted { get; private set; }

    /// <summary>The tracker id to send back, or null.</summary>
    public ReadOnlyMemory<byte>? TrackerId { get; private set; }

    /// <summary>The tracker asked us not to announce before this moment.</summary>
    public Timestamp RetryAfter { get; private set; }

    public void Begin(AnnounceEvent announceEvent, Timestamp now)
    {
        UnderWay = announceEvent;
        TimesOutAt = now + AnnounceTimes.AnswerTimeout;
    }

    public void Succeed(AnnounceResponse response)
    {
        HasHeardStarted = UnderWay != AnnounceEvent.Stopped && (HasHeardStarted || UnderWay == AnnounceEvent.Started);
        UnderWay = null;
        RetryAfter = default;
        TrackerId = response.TrackerId ?? TrackerId;
    }

    /// <summary>The announce failed or was not made. A stopped event is tried only once.</summary>
    public void Fail()
    {
        HasHeardStarted &= UnderWay != AnnounceEvent.Stopped;
        UnderWay = null;
    }

    /// <summary>The tracker asked us not to announce before the given moment.</summary>
    public void Forbid(Timestamp until) => RetryAfter = until;

    /// <summary>The run is over. No stopped event is sent to a tracker that asked us to wait.</summary>
    public void Leave(Timestamp now) => HasHeardStarted &= RetryAfter <= now;
}

using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A tracker as it is asked over one address family about one swarm; see <see cref="AnnounceTarget"/>. At most one announce is under way,
/// and its answer, its failure or its time-out ends it.
/// </summary>
internal sealed class TrackerHome(AnnounceTarget target)
{
    public AnnounceTarget Target { get; } = target;

    /// <summary>The announce under way, or null.</summary>
    public AnnounceEvent? UnderWay { get; private set; }

    /// <summary>When the announce under way has failed.</summary>
    public Timestamp TimesOutAt { get; private set; }

    /// <summary>Whether the tracker counts us among the torrent's peers: it has heard started, and no stopped since.</summary>
    public bool HasHeardStarted { get; private set; }

    /// <summary>The id that the tracker wants to be repeated, or null.</summary>
    public ReadOnlyMemory<byte>? TrackerId { get; private set; }

    /// <summary>Before this moment the tracker wants to be left alone.</summary>
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

    /// <summary>The announce failed, or was not made. A farewell is tried once.</summary>
    public void Fail()
    {
        HasHeardStarted &= UnderWay != AnnounceEvent.Stopped;
        UnderWay = null;
    }

    /// <summary>The tracker does not want to be asked before that moment.</summary>
    public void Forbid(Timestamp until) => RetryAfter = until;

    /// <summary>The run is over. No farewell is sent to a tracker that does not want to hear from us.</summary>
    public void Leave(Timestamp now) => HasHeardStarted &= RetryAfter <= now;
}

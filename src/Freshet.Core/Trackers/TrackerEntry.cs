using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// What we know of one tracker. At most one announce is under way to it at any time, and its answer, its failure or its
/// time-out ends that announce.
/// </summary>
internal sealed class TrackerEntry(string url, int tier)
{
    private Timestamp _backOffUntil;
    private Timestamp _retryAfter;

    public string Url { get; } = url;

    public int Tier { get; } = tier;

    /// <summary>The announce under way, or null.</summary>
    public AnnounceEvent? UnderWay { get; private set; }

    /// <summary>When the announce under way has failed.</summary>
    public Timestamp TimesOutAt { get; private set; }

    /// <summary>Whether the tracker counts us among the torrent's peers: it has heard started, and no stopped since.</summary>
    public bool HasHeardStarted { get; set; }

    /// <summary>Before this, no more peers are asked for.</summary>
    public Timestamp EarlyFrom { get; private set; }

    public int Failures { get; private set; }

    public ReadOnlyMemory<byte>? TrackerId { get; private set; }

    /// <summary>Before this, the tracker is not asked at all: it failed, or wants to be left alone.</summary>
    public Timestamp OpenFrom => _backOffUntil > _retryAfter ? _backOffUntil : _retryAfter;

    /// <summary>Whether the tracker itself has asked to be left alone now.</summary>
    public bool IsForbidden(Timestamp now) => _retryAfter > now;

    private bool _hasAnswered;
    private string? _message;
    private int? _seeders;
    private int? _leechers;
    private int? _peers;

    public DueAnnounce Begin(AnnounceEvent announceEvent, Timestamp now)
    {
        UnderWay = announceEvent;
        TimesOutAt = now + AnnounceTimes.AnswerTimeout;
        return new DueAnnounce(Url, announceEvent, TrackerId);
    }

    public void Succeed(AnnounceResponse response, Timestamp now)
    {
        if (UnderWay == AnnounceEvent.Started)
            HasHeardStarted = true;
        UnderWay = null;
        Failures = 0;
        _hasAnswered = true;
        _backOffUntil = _retryAfter = default;
        EarlyFrom = now + AnnounceTimes.Early(response);
        TrackerId = response.TrackerId ?? TrackerId;
        _message = response.Warning;
        _seeders = response.Seeders ?? _seeders;
        _leechers = response.Leechers ?? _leechers;
        _peers = response.Peers.Count;
    }

    public void Fail(string reason, Timestamp now, Random random)
    {
        UnderWay = null;
        Failures++;
        _message = reason;
        _backOffUntil = now + AnnounceTimes.BackOff(Failures, random);
    }

    /// <summary>A failure that the tracker explained: it may say how long to stay away (BEP 31).</summary>
    public void Refuse(AnnounceResponse response, Timestamp now, Random random)
    {
        Fail(response.FailureReason ?? "", now, random);
        TimeSpan? wait = response.RetryIn ?? (response.Interval > TimeSpan.Zero ? response.Interval : null);
        if (wait == Timeout.InfiniteTimeSpan)
            _retryAfter = Timestamp.Never;
        else if (wait > TimeSpan.Zero)
            _retryAfter = now + (wait < AnnounceTimes.MaxRetryIn ? wait.Value : AnnounceTimes.MaxRetryIn);
    }

    /// <summary>A new run: what the tracker demanded stands, our own back-off does not, since a person may have mended something.</summary>
    public void Renew()
    {
        _hasAnswered = false;
        _backOffUntil = default;
        Failures = 0;
    }

    public TrackerStatus ToStatus(TimeSpan? nextAnnounce) => new()
    {
        Url = Url,
        Tier = Tier,
        State = State,
        Message = _message,
        NextAnnounce = nextAnnounce,
        Failures = Failures,
        Seeders = _seeders,
        Leechers = _leechers,
        Peers = _peers,
    };

    private TrackerState State =>
        UnderWay is not null ? TrackerState.Announcing
        : _retryAfter == Timestamp.Never ? TrackerState.GivenUp
        : Failures > 0 ? TrackerState.Failing
        : _hasAnswered ? TrackerState.Working
        : TrackerState.Idle;
}

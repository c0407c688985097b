using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// The state of one tracker. We announce to it over each address family and for each swarm at once, which is called a round. The tracker
/// works if it answers any of these announces, and has failed only when the round ends without an answer. An announce that failed while
/// another succeeded is retried in the next round.
/// </summary>
internal sealed class TrackerEntry(string url, int tier, ImmutableArray<AnnounceFamily> families, ImmutableArray<InfoHash> swarms)
{
    private readonly List<(AnnounceTarget Target, string Reason)> _reasons = [];
    private Timestamp _backOffUntil;
    private bool _isAnswered;
    private bool _hasAnswered;
    private bool _isPutOff;
    private Timestamp? _lastAnswer;
    private string? _message;
    private int? _seeders;
    private int? _leechers;
    private int? _peers;
    private int? _downloads;
    private Timestamp? _lastScrape;

    public string Url { get; } = url;

    /// <summary>The tier that it is in now.</summary>
    public int Tier { get; set; } = tier;

    public ImmutableArray<TrackerHome> Homes { get; } =
        [.. from swarm in swarms from family in families select new TrackerHome(new AnnounceTarget(url, family, swarm))];

    public bool IsUnderWay => Homes.Any(static home => home.UnderWay is not null);

    /// <summary>Whether the round has brought no answer yet. A family that hangs while another works is of no interest.</summary>
    public bool IsAnnouncing => IsUnderWay && !_isAnswered;

    /// <summary>Whether the tracker counts us among the torrent's peers, over any family and in any swarm.</summary>
    public bool HasHeardStarted => Homes.Any(static home => home.HasHeardStarted);

    /// <summary>Whether it also counts us from now on: no stopped event is on its way.</summary>
    public bool KeepsUs => Homes.Any(static home => home.HasHeardStarted && home.UnderWay != AnnounceEvent.Stopped);

    /// <summary>When the first of the announces in progress times out; never if there is none.</summary>
    public Timestamp TimesOutAt => Earliest(static home => home.UnderWay is null ? Timestamp.Never : home.TimesOutAt);

    /// <summary>The tracker is not asked at all before this moment, because it failed or asked us to wait.</summary>
    public Timestamp OpenFrom => Later(_backOffUntil, Earliest(static home => home.RetryAfter));

    /// <summary>No further peers are requested before this moment.</summary>
    public Timestamp EarlyFrom { get; private set; }

    /// <summary>The tracker is not asked again before this moment, even if a user wants it.</summary>
    public Timestamp AskedFrom { get; private set; }

    /// <summary>When the next regular announce is due according to the tracker's latest responses.</summary>
    public Timestamp RegularAt { get; private set; }

    public int Failures { get; private set; }

    /// <summary>Why the last round failed; null if it did not, or is not over.</summary>
    public string? Failure => Failures > 0 && !IsUnderWay ? _message : null;

    public DueAnnounce Begin(TrackerHome home, AnnounceEvent announceEvent, Timestamp now)
    {
        if (!IsUnderWay)
        {
            _isAnswered = _isPutOff = false;
            _reasons.Clear();
        }

        home.Begin(announceEvent, now);
        return new DueAnnounce(home.Target, announceEvent, home.TrackerId);
    }

    public void Succeed(TrackerHome home, AnnounceResponse response, Timestamp now, Random random)
    {
        home.Succeed(response);
        _lastAnswer = now;
        Timestamp early = now + AnnounceTimes.Early(response);
        Timestamp regular = now + AnnounceTimes.Spread(AnnounceTimes.Interval(response), random);
        Timestamp asked = now + AnnounceTimes.Asked(response);
        EarlyFrom = _isAnswered ? Later(EarlyFrom, early) : early;
        AskedFrom = _isAnswered ? Later(AskedFrom, asked) : asked;
        RegularAt = _isAnswered ? Later(RegularAt, regular) : regular;
        _message = response.Warning ?? (_isAnswered ? _message : null);
        _seeders = MostSaid(_seeders, response.Seeders);
        _leechers = MostSaid(_leechers, response.Leechers);
        _peers = (_isAnswered ? _peers : 0) + response.Peers.Count;
        Failures = 0;
        _backOffUntil = default;
        _isAnswered = _hasAnswered = true;
    }

    /// <summary>The tracker answered a scrape, which says nothing about announces.</summary>
    public void Scrape(ScrapedSwarm counts, Timestamp now)
    {
        _lastScrape = now;
        _seeders = counts.Seeders ?? _seeders;
        _leechers = counts.Leechers ?? _leechers;
        _downloads = counts.Downloaded ?? _downloads;
    }

    /// <summary>An announce of the round failed.</summary>
    public void Fail(TrackerHome home, string reason, Timestamp now, Random random)
    {
        _reasons.Add((home.Target, reason));
        End(home, now, random);
    }

    /// <summary>An announce of the round was not answered in time.</summary>
    public void TimeOut(TrackerHome home, Timestamp now, Random random) =>
        Fail(home, $"did not answer within {AnnounceTimes.AnswerTimeout.TotalMinutes:0} minutes", now, random);

    /// <summary>The tracker reported a failure, possibly with a retry delay (BEP 31).</summary>
    public void Refuse(TrackerHome home, AnnounceResponse response, Timestamp now, Random random)
    {
        TimeSpan? wait = response.RetryIn ?? (response.Interval > TimeSpan.Zero ? response.Interval : null);
        if (wait == Timeout.InfiniteTimeSpan)
            home.Forbid(Timestamp.Never);
        else if (wait > TimeSpan.Zero)
            home.Forbid(now + (wait < AnnounceTimes.MaxRetryIn ? wait.Value : AnnounceTimes.MaxRetryIn));
        Fail(home, response.FailureReason ?? "", now, random);
    }

    /// <summary>The tracker has no address of that family, which is not a failure as long as it has one of the other family.</summary>
    public void Skip(TrackerHome home, Timestamp now, Random random) => End(home, now, random);

    /// <summary>The announce was not made for a reason of our own. The tracker has not failed.</summary>
    public void PutOff(TrackerHome home, Timestamp now, Random random)
    {
        _isPutOff = true;
        End(home, now, random);
    }

    /// <summary>
    /// Begins a new run: a delay that the tracker asked for stays, but our own back-off is reset, since the user may have fixed something.
    /// </summary>
    public void Renew()
    {
        _hasAnswered = false;
        ForgetFailures();
    }

    /// <summary>The tracker may be asked again at once, unless it asked us to wait.</summary>
    public void ForgetFailures()
    {
        _backOffUntil = default;
        Failures = 0;
    }

    public TrackerStatus ToStatus(TimeSpan? nextAnnounce, Timestamp now) => new()
    {
        Url = Url,
        Tier = Tier,
        State = State,
        Message = _message,
        LastAnnounce = now - _lastAnswer,
        NextAnnounce = nextAnnounce,
        Failures = Failures,
        Seeders = _seeders,
        Leechers = _leechers,
        Peers = _peers,
        Downloads = _downloads,
        LastScrape = now - _lastScrape,
    };

    private TrackerState State =>
        IsAnnouncing ? TrackerState.Announcing
        : Earliest(static home => home.RetryAfter) == Timestamp.Never ? TrackerState.GivenUp
        : Failures > 0 ? TrackerState.Failing
        : _hasAnswered ? TrackerState.Working
        : TrackerState.Idle;

    private void End(TrackerHome home, Timestamp now, Random random)
    {
        home.Fail();
        if (_isAnswered || _isPutOff || IsUnderWay)
            return;
        Failures++;
        _backOffUntil = now + AnnounceTimes.BackOff(Failures, random);
        _message = Words();
    }

    // All announces usually fail for the same reason, which need not be repeated.
    private string Words() => _reasons switch
    {
        [] => "the tracker has no address that can be reached",
        [var first, .. var others] when others.TrueForAll(other => other.Reason == first.Reason) => first.Reason,
        _ => string.Join("; ", _reasons.Select(failed => $"{failed.Reason} ({NameOf(failed.Target)})")),
    };

    private string NameOf(AnnounceTarget target)
    {
        string swarm = target.Swarm == swarms[0] ? "v1" : "v2";
        return swarms.Length == 1 ? $"{target.Family}" : families.Length == 1 ? swarm : $"{target.Family}, {swarm}";
    }

    // The counts over both families, and usually of both swarms, are of the same peers.
    private int? MostSaid(int? before, int? now) => !_isAnswered || before is null || now > before ? now ?? before : before;

    private Timestamp Earliest(Func<TrackerHome, Timestamp> of)
    {
        Timestamp earliest = Timestamp.Never;
        foreach (TrackerHome home in Homes)
            earliest = of(home) < earliest ? of(home) : earliest;
        return earliest;
    }

    private static Timestamp Later(Timestamp left, Timestamp right) => left > right ? left : right;
}

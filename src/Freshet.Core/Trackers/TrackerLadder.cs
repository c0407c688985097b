using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// A list of trackers of which one is enough, in the order in which they are tried: each announce starts at the top and goes past failed
/// trackers to the first that answers, which moves to the front of its tier (BEP 12). At most one tracker is asked at a time, except when
/// we leave: then every tracker that knows of us is notified. Announces for more peers come before the regular time, but each waits twice
/// as long as the previous one until there are enough peers, so that a torrent without peers does not flood its tracker.
/// </summary>
internal sealed class TrackerLadder(List<List<TrackerEntry>> tiers)
{
    private const int MostDoublings = 10;

    private Timestamp _regularAt;
    private Timestamp _earlyAt;
    private Timestamp _notBefore;
    private int _earlyAnnounces;
    private bool _isForced;
    private bool _isOutdated;
    private TrackerEntry? _answered;
    private bool _wantsPeers;
    private bool _isComplete;
    private bool _owesCompleted;

    /// <summary>Whether the torrent is complete.</summary>
    public bool IsComplete => _isComplete;

    /// <summary>Whether no tracker has heard yet that the torrent has been completed.</summary>
    public bool OwesCompleted => _owesCompleted;

    public IEnumerable<TrackerEntry> Entries => tiers.SelectMany(tier => tier);

    /// <summary>When <see cref="Take"/> has something to return, or an announce in progress times out.</summary>
    public Timestamp NextDue
    {
        get
        {
            Timestamp opens = Timestamp.Never;
            foreach (List<TrackerEntry> tier in tiers)
            {
                foreach (TrackerEntry entry in tier)
                {
                    if (entry.IsUnderWay)
                        return entry.TimesOutAt;
                    opens = Earlier(opens, OpenFrom(entry));
                }
            }

            return Later(Later(opens, WantedAt), _notBefore);
        }
    }

    private Timestamp WantedAt =>
        _owesCompleted ? default
        : _isForced ? _answered?.AskedFrom ?? default
        : _isOutdated && _answered is not null ? Earlier(_regularAt, _answered.EarlyFrom)
        : _wantsPeers && _answered is not null ? Earlier(_regularAt, _earlyAt)
        : _regularAt;

    public void Start(Timestamp now)
    {
        _regularAt = now;
        _answered = null;
        _earlyAnnounces = 0;
        _notBefore = default;
        _wantsPeers = _isForced = _isOutdated = _isComplete = _owesCompleted = false;
        foreach (TrackerEntry entry in Entries)
            entry.Renew();
    }

    /// <summary>
    /// Continues a run with trackers that may be new. The one that answered last is asked again when its announce is due, and receives
    /// completed only if it belonged to a ladder that still owed it.
    /// </summary>
    public void Resume(bool isComplete, HashSet<TrackerEntry> owing, Timestamp now)
    {
        _regularAt = now;
        _isComplete = isComplete;
        _answered = Entries.Where(static entry => entry.KeepsUs).MaxBy(static entry => entry.RegularAt);
        _owesCompleted = _answered is null ? Entries.Any(owing.Contains) : owing.Contains(_answered);
        if (_answered is null)
            return;
        _regularAt = _answered.RegularAt;
        _earlyAt = _answered.EarlyFrom;
    }

    public void Complete()
    {
        _owesCompleted |= !_isComplete;
        _isComplete = true;
    }

    public void WantPeers() => _wantsPeers = true;

    /// <summary>The user asks for an announce: as soon as the tracker allows it, ignoring our own back-off.</summary>
    public void Reannounce()
    {
        _isForced = true;
        foreach (TrackerEntry entry in Entries)
            entry.ForgetFailures();
    }

    /// <summary>
    /// What was announced, or is being announced, is not true any more: announces again as soon as the tracker allows it.
    /// </summary>
    public void Renew() => _isOutdated = true;

    /// <summary>
    /// Adds to <paramref name="due"/> the announces to the tracker that is to be asked now, if any: one for each family and swarm that is
    /// open.
    /// </summary>
    public void Take(bool isPartialSeed, Timestamp now, List<DueAnnounce> due)
    {
        if (now < NextDue || CandidateAt(now) is not { IsUnderWay: false } entry)
            return;
        _isOutdated = false;
        if (!_wantsPeers)
            _earlyAnnounces = 0;
        else if (now < _regularAt)
            _earlyAnnounces = Math.Min(_earlyAnnounces + 1, MostDoublings);
        foreach (TrackerHome home in entry.Homes)
        {
            if (home.RetryAfter <= now)
                due.Add(entry.Begin(home, EventFor(home, isPartialSeed), now));
        }
    }

    /// <summary>The tracker to ask at the given moment.</summary>
    public TrackerEntry? CandidateAt(Timestamp moment)
    {
        foreach (List<TrackerEntry> tier in tiers)
        {
            foreach (TrackerEntry entry in tier)
            {
                if (entry.IsUnderWay || OpenFrom(entry) <= moment)
                    return entry;
            }
        }

        return null;
    }

    /// <summary>An announce was not made for a reason of our own: it is retried soon, at the same tracker.</summary>
    public void PutOff(Timestamp now, Random random) => _notBefore = now + AnnounceTimes.PutOff(random);

    /// <summary>Called after a successful announce other than stopped.</summary>
    public void OnAnswered(TrackerEntry entry, AnnounceEvent announceEvent, Timestamp now)
    {
        _answered = entry;
        _regularAt = entry.RegularAt;
        _earlyAt = now + ((entry.EarlyFrom - now) * (1 << _earlyAnnounces));
        _wantsPeers = _isForced = false;
        if (announceEvent == AnnounceEvent.Completed)
            _owesCompleted = false;
        foreach (List<TrackerEntry> tier in tiers)
        {
            if (tier.Remove(entry))
                tier.Insert(0, entry);
        }
    }

    private static Timestamp Earlier(Timestamp left, Timestamp right) => left < right ? left : right;

    private static Timestamp Later(Timestamp left, Timestamp right) => left > right ? left : right;

    // A tracker further down has answered since this one did: this one is not asked again before its regular time.
    private Timestamp OpenFrom(TrackerEntry entry) =>
        entry != _answered && entry.HasHeardStarted && entry.EarlyFrom > entry.OpenFrom ? entry.EarlyFrom : entry.OpenFrom;

    private AnnounceEvent EventFor(TrackerHome home, bool isPartialSeed) =>
        !home.HasHeardStarted ? AnnounceEvent.Started
        : _owesCompleted ? AnnounceEvent.Completed
        : isPartialSeed ? AnnounceEvent.Paused
        : AnnounceEvent.None;
}

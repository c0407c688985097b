using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// Trackers of which one is enough, in the order they are tried: at each announce from the top, past those that have failed,
/// down to the first that answers, which moves to the front of its tier (BEP 12). At most one tracker is asked at a time, except
/// when we leave: then each that knows of us hears of it. Announces for more peers come before the regular time, but each waits twice as
/// long as the one before until peers suffice, so that a torrent that nobody has does not pester its tracker.
/// </summary>
internal sealed class TrackerLadder(List<List<TrackerEntry>> tiers)
{
    private const int MostDoublings = 10;

    private Timestamp _regularAt;
    private Timestamp _earlyAt;
    private Timestamp _notBefore;
    private int _earlyAnnounces;
    private bool _isForced;
    private TrackerEntry? _answered;
    private bool _wantsPeers;
    private bool _isComplete;
    private bool _owesCompleted;

    public IEnumerable<TrackerEntry> Entries => tiers.SelectMany(tier => tier);

    /// <summary>When <see cref="Take"/> will have something to give, or an announce under way will have failed.</summary>
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
        : _isForced ? _answered?.EarlyFrom ?? default
        : _wantsPeers && _answered is not null ? Earlier(_regularAt, _earlyAt)
        : _regularAt;

    public void Start(Timestamp now)
    {
        _regularAt = now;
        _answered = null;
        _earlyAnnounces = 0;
        _notBefore = default;
        _wantsPeers = _isForced = _isComplete = _owesCompleted = false;
        foreach (TrackerEntry entry in Entries)
            entry.Renew();
    }

    public void Complete()
    {
        _owesCompleted |= !_isComplete;
        _isComplete = true;
    }

    public void WantPeers() => _wantsPeers = true;

    /// <summary>A person asks to announce: as soon as the tracker allows, and without our own back-off.</summary>
    public void Reannounce()
    {
        _isForced = true;
        foreach (TrackerEntry entry in Entries)
            entry.ForgetFailures();
    }

    /// <summary>
    /// Adds to <paramref name="due"/> the announces to the tracker that is to be asked now, if one is: one for each family and swarm that
    /// is open.
    /// </summary>
    public void Take(bool isPartialSeed, Timestamp now, List<DueAnnounce> due)
    {
        if (now < NextDue || CandidateAt(now) is not { IsUnderWay: false } entry)
            return;
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

    /// <summary>The tracker whose turn it is at that moment.</summary>
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

    /// <summary>An announce was not made, for a reason that is our own: it is tried again soon, by the same tracker.</summary>
    public void PutOff(Timestamp now, Random random) => _notBefore = now + AnnounceTimes.PutOff(random);

    /// <summary>After a good answer to anything but a farewell.</summary>
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

    // A tracker further down answered since this one did: it is not asked again before the time it set itself.
    private Timestamp OpenFrom(TrackerEntry entry) =>
        entry != _answered && entry.HasHeardStarted && entry.EarlyFrom > entry.OpenFrom ? entry.EarlyFrom : entry.OpenFrom;

    private AnnounceEvent EventFor(TrackerHome home, bool isPartialSeed) =>
        !home.HasHeardStarted ? AnnounceEvent.Started
        : _owesCompleted ? AnnounceEvent.Completed
        : isPartialSeed ? AnnounceEvent.Paused
        : AnnounceEvent.None;
}

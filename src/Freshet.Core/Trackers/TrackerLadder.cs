using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// Trackers of which one is enough, in the order they are tried: at each announce from the top, past those that have failed,
/// down to the first that answers, which moves to the front of its tier (BEP 12). At most one tracker is asked at a time, except
/// when we leave: then each that was told of us is told that too.
/// </summary>
internal sealed class TrackerLadder(List<List<TrackerEntry>> tiers)
{
    private Timestamp _regularAt;
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

            return opens > WantedAt ? opens : WantedAt;
        }
    }

    private Timestamp WantedAt =>
        _owesCompleted ? default
        : _wantsPeers && _answered is { } answered ? Earlier(_regularAt, answered.EarlyFrom)
        : _regularAt;

    public void Start(Timestamp now)
    {
        _regularAt = now;
        _answered = null;
        _wantsPeers = _isComplete = _owesCompleted = false;
        foreach (TrackerEntry entry in Entries)
            entry.Renew();
    }

    public void Complete()
    {
        _owesCompleted |= !_isComplete;
        _isComplete = true;
    }

    public void WantPeers() => _wantsPeers = true;

    /// <summary>Adds to <paramref name="due"/> the announces to the tracker that is to be asked now, if one is: one for each family that is open.</summary>
    public void Take(bool isPartialSeed, Timestamp now, List<DueAnnounce> due)
    {
        if (now < NextDue || CandidateAt(now) is not { IsUnderWay: false } entry)
            return;
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

    /// <summary>After a good answer to anything but a farewell.</summary>
    public void OnAnswered(TrackerEntry entry, AnnounceEvent announceEvent)
    {
        _answered = entry;
        _regularAt = entry.RegularAt;
        _wantsPeers = false;
        if (announceEvent == AnnounceEvent.Completed)
            _owesCompleted = false;
        foreach (List<TrackerEntry> tier in tiers)
        {
            if (tier.Remove(entry))
                tier.Insert(0, entry);
        }
    }

    private static Timestamp Earlier(Timestamp left, Timestamp right) => left < right ? left : right;

    // A tracker further down answered since this one did: it is not asked again before the time it set itself.
    private Timestamp OpenFrom(TrackerEntry entry) =>
        entry != _answered && entry.HasHeardStarted && entry.EarlyFrom > entry.OpenFrom ? entry.EarlyFrom : entry.OpenFrom;

    private AnnounceEvent EventFor(TrackerHome home, bool isPartialSeed) =>
        !home.HasHeardStarted ? AnnounceEvent.Started
        : _owesCompleted ? AnnounceEvent.Completed
        : isPartialSeed ? AnnounceEvent.Paused
        : AnnounceEvent.None;
}

using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// Decides which trackers a torrent announces to, when, and with which event (BEP 3, 7, 12, 21, 31). A run begins with <see cref="Start"/>
/// and ends with <see cref="Stop"/>. During a run a tracker receives, over each address family and for each swarm, started first, completed
/// at most once, and stopped only after started. Every announce returned by <see cref="Poll"/> ends with <see cref="OnResponse"/>,
/// <see cref="OnFailure"/>, <see cref="OnSkipped"/>, <see cref="OnPutOff"/> or our own time-out, and until then its target gets no other.
/// </summary>
internal sealed class AnnounceSchedule
{
    private readonly List<TrackerLadder> _ladders = [];
    private readonly Dictionary<string, (TrackerEntry Entry, TrackerLadder Ladder)> _trackers = new(StringComparer.Ordinal);
    private readonly List<TrackerStatus> _leftOut = [];
    private readonly LeavingTrackers _leaving;
    private readonly ImmutableArray<AnnounceFamily> _families;
    private readonly ImmutableArray<InfoHash> _swarms;
    private readonly AnnounceScope _scope;
    private readonly Random _random;
    private bool _isRunning;

    /// <param name="tiers">The torrent's trackers. Duplicates, and those beyond <see cref="MetainfoLimits.MaxTrackers"/>, are
    /// dropped.</param>
    /// <param name="swarms">The torrent's swarms, one or two; if there are two, version 1 comes first.</param>
    /// <param name="families">The address families to announce over; at least one.</param>
    /// <param name="scope">Which of the trackers to announce to.</param>
    /// <param name="random">Shuffles the tiers, once, and spreads the times of retries.</param>
    public AnnounceSchedule(
        ImmutableArray<ImmutableArray<string>> tiers,
        ImmutableArray<InfoHash> swarms,
        ImmutableArray<AnnounceFamily> families,
        AnnounceScope scope,
        Random random)
    {
        _swarms = swarms;
        _families = families;
        _scope = scope;
        _random = random;
        _leaving = new LeavingTrackers(random);
        AddLadders(tiers, []);
    }

    /// <summary>Whether we have everything that we want but not the whole torrent, which every announce says (BEP 21).</summary>
    public bool IsPartialSeed { get; set; }

    /// <summary>Whether the run is over and no tracker has a stopped announce pending or in progress.</summary>
    public bool HasLeft => !_isRunning && NextDue == Timestamp.Never;

    /// <summary>Whether a tracker is one of the torrent's.</summary>
    public bool Has(string tracker) => _trackers.ContainsKey(tracker);

    /// <summary>When <see cref="Poll"/> has something to do; in the past if it has now.</summary>
    public Timestamp NextDue
    {
        get
        {
            Timestamp next = _leaving.NextDue;
            if (_isRunning)
            {
                foreach (TrackerLadder ladder in _ladders)
                    next = Earlier(next, ladder.NextDue);
            }
            else
            {
                foreach ((TrackerEntry entry, _) in _trackers.Values)
                {
                    foreach (TrackerHome home in entry.Homes)
                        next = Earlier(
                            next, home.UnderWay is not null ? home.TimesOutAt : home.HasHeardStarted ? default : Timestamp.Never);
                }
            }

            return next;
        }
    }

    /// <summary>Begins a run: the first announces are due at once.</summary>
    public void Start(Timestamp now)
    {
        if (_isRunning)
            return;
        _isRunning = true;
        foreach (TrackerLadder ladder in _ladders)
            ladder.Start(now);
    }

    /// <summary>
    /// Gives the torrent other trackers. Those that stay keep their times, and new ones are announced to when it is their turn. A tracker
    /// that is removed receives stopped at once if it knows of us.
    /// </summary>
    public void Replace(ImmutableArray<ImmutableArray<string>> tiers, Timestamp now)
    {
        bool isComplete = _ladders.Exists(static ladder => ladder.IsComplete);
        HashSet<TrackerEntry> owing =
            [.. _ladders.Where(static ladder => ladder.OwesCompleted).SelectMany(static ladder => ladder.Entries)];
        Dictionary<string, TrackerEntry> before = _trackers.ToDictionary(
            static pair => pair.Key, static pair => pair.Value.Entry, StringComparer.Ordinal);
        _ladders.Clear();
        _trackers.Clear();
        _leftOut.Clear();
        AddLadders(tiers, before);
        foreach (TrackerEntry entry in before.Values.Where(entry => !Has(entry.Url)))
            _leaving.Add(entry, now);
        foreach (TrackerLadder ladder in _isRunning ? _ladders : [])
            ladder.Resume(isComplete, owing, now);
    }

    /// <summary>The download has just completed. Must not be called for a torrent that was complete when the run began.</summary>
    public void Complete()
    {
        if (!_isRunning)
            return;
        foreach (TrackerLadder ladder in _ladders)
            ladder.Complete();
    }

    /// <summary>Asks for more peers before the regular time, as soon as the tracker's min interval allows.</summary>
    public void WantPeers()
    {
        foreach (TrackerLadder ladder in _ladders)
            ladder.WantPeers();
    }

    /// <summary>
    /// The user asks to announce before the regular time: announces as soon as the trackers' min interval allows, ignoring our own
    /// back-off.
    /// </summary>
    public void Reannounce()
    {
        foreach (TrackerLadder ladder in _ladders)
            ladder.Reannounce();
    }

    /// <summary>
    /// Something that was announced has changed, such as our port: announces again as soon as the trackers' min interval allows.
    /// </summary>
    public void Renew()
    {
        foreach (TrackerLadder ladder in _isRunning ? _ladders : [])
            ladder.Renew();
    }

    /// <summary>Ends the run: the stopped announces are due at once, each tried once.</summary>
    public void Stop(Timestamp now)
    {
        _isRunning = false;
        foreach ((TrackerEntry entry, _) in _trackers.Values)
        {
            foreach (TrackerHome home in entry.Homes)
                home.Leave(now);
        }
    }

    /// <summary>Adds to <paramref name="due"/> the announces to make now. Earlier announces that have timed out are given up.</summary>
    public void Poll(Timestamp now, List<DueAnnounce> due)
    {
        _leaving.Poll(now, due);
        foreach ((TrackerEntry entry, _) in _trackers.Values)
        {
            foreach (TrackerHome home in entry.Homes)
            {
                if (home.UnderWay is not null && home.TimesOutAt <= now)
                    entry.TimeOut(home, now, _random);
                if (!_isRunning && home is { UnderWay: null, HasHeardStarted: true })
                    due.Add(entry.Begin(home, AnnounceEvent.Stopped, now));
            }
        }

        if (!_isRunning)
            return;
        foreach (TrackerLadder ladder in _ladders)
            ladder.Take(IsPartialSeed, now, due);
    }

    /// <summary>The tracker answered, possibly with a failure. False if the announce is unknown or was given up already.</summary>
    public bool OnResponse(AnnounceTarget target, AnnounceResponse response, Timestamp now)
    {
        if (!TryFind(target, out TrackerEntry? entry, out TrackerHome? home))
            return false;
        AnnounceEvent asked = home.UnderWay!.Value;
        if (response.FailureReason is not null)
        {
            entry.Refuse(home, response, now, _random);
            if (!_isRunning || !Has(target.Tracker))
                home.Leave(now);
            return true;
        }

        entry.Succeed(home, response, now, _random);
        if (asked != AnnounceEvent.Stopped && _trackers.TryGetValue(target.Tracker, out (TrackerEntry, TrackerLadder Ladder) found))
            found.Ladder.OnAnswered(entry, asked, now);
        return true;
    }

    /// <summary>
    /// The tracker could not be reached, or its answer was invalid. False if the announce is unknown or was given up already.
    /// </summary>
    /// <param name="target">The target of the announce.</param>
    /// <param name="reason">What went wrong, as text.</param>
    /// <param name="now">The current time.</param>
    public bool OnFailure(AnnounceTarget target, string reason, Timestamp now)
    {
        if (!TryFind(target, out TrackerEntry? entry, out TrackerHome? home))
            return false;
        entry.Fail(home, reason, now, _random);
        return true;
    }

    /// <summary>The tracker has no address of the family. False if the announce is unknown or was given up already.</summary>
    public bool OnSkipped(AnnounceTarget target, Timestamp now)
    {
        if (!TryFind(target, out TrackerEntry? entry, out TrackerHome? home))
            return false;
        entry.Skip(home, now, _random);
        return true;
    }

    /// <summary>
    /// The announce was not made for a reason of our own: too many others waited, or it was withdrawn. The tracker has not failed, and no
    /// other takes its place. False if the announce is unknown or was given up already.
    /// </summary>
    public bool OnPutOff(AnnounceTarget target, Timestamp now)
    {
        if (!TryFind(target, out TrackerEntry? entry, out TrackerHome? home))
            return false;
        entry.PutOff(home, now, _random);
        if (_isRunning && _trackers.TryGetValue(target.Tracker, out (TrackerEntry, TrackerLadder Ladder) found))
            found.Ladder.PutOff(now, _random);
        return true;
    }

    /// <summary>A tracker gave the swarms' counts in answer to a scrape.</summary>
    public void OnScraped(string tracker, ScrapedSwarm counts, Timestamp now)
    {
        if (_trackers.TryGetValue(tracker, out (TrackerEntry Entry, TrackerLadder) found))
            found.Entry.Scrape(counts, now);
    }

    /// <summary>Why every announce of the last round to a tracker failed; null if one succeeded or may still be answered.</summary>
    public string? FailureOf(string tracker) =>
        _trackers.TryGetValue(tracker, out (TrackerEntry Entry, TrackerLadder) found) ? found.Entry.Failure : null;

    /// <summary>The status of each tracker, by tier, in the order in which they are tried.</summary>
    public ImmutableArray<TrackerStatus> Statuses(Timestamp now)
    {
        if (_ladders.Count + _leftOut.Count == 0)
            return [];
        List<TrackerStatus> statuses = [];
        foreach (TrackerLadder ladder in _ladders)
        {
            Timestamp next = _isRunning ? ladder.NextDue : Timestamp.Never;
            TrackerEntry? candidate = next == Timestamp.Never ? null : ladder.CandidateAt(next);
            foreach (TrackerEntry entry in ladder.Entries)
                statuses.Add(entry.ToStatus(NextOf(entry, entry == candidate, next, now), now));
        }

        statuses.AddRange(_leftOut);
        return [.. statuses.OrderBy(status => status.Tier)];
    }

    // While one family hangs and another has answered, the next announce is already known.
    private static TimeSpan? NextOf(TrackerEntry entry, bool isCandidate, Timestamp next, Timestamp now) =>
        entry.IsUnderWay ? (entry.IsAnnouncing ? null : Until(entry.RegularAt, now))
        : isCandidate ? Until(next, now)
        : null;

    private static TimeSpan Until(Timestamp moment, Timestamp now) => moment > now ? moment - now : TimeSpan.Zero;

    private static Timestamp Earlier(Timestamp left, Timestamp right) => left < right ? left : right;

    // Finds an announce that is in progress.
    private bool TryFind(AnnounceTarget target, [NotNullWhen(true)] out TrackerEntry? entry, [NotNullWhen(true)] out TrackerHome? home)
    {
        entry = _trackers.TryGetValue(target.Tracker, out (TrackerEntry Entry, TrackerLadder) found)
            ? found.Entry
            : _leaving.Find(target.Tracker);
        home = entry?.Homes.FirstOrDefault(home => home.Target == target && home.UnderWay is not null);
        return home is not null;
    }

    private void AddLadders(ImmutableArray<ImmutableArray<string>> tiers, Dictionary<string, TrackerEntry> before)
    {
        List<List<TrackerEntry>> entries = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int tier = 0; tier < tiers.Length; tier++)
        {
            List<TrackerEntry> usable = ReadTier(tiers[tier], tier, before, seen);
            if (usable.Count > 0)
                entries.Add(usable);
        }

        IEnumerable<List<List<TrackerEntry>>> ladders = _scope switch
        {
            AnnounceScope.EachTier => entries.Select(tier => (List<List<TrackerEntry>>)[tier]),
            AnnounceScope.All => entries.SelectMany(tier => tier).Select(entry => (List<List<TrackerEntry>>)[[entry]]),
            _ => entries.Count > 0 ? [entries] : [],
        };
        foreach (List<List<TrackerEntry>> ladder in ladders)
        {
            TrackerLadder added = new(ladder);
            _ladders.Add(added);
            foreach (TrackerEntry entry in added.Entries)
                _trackers.Add(entry.Url, (entry, added));
        }
    }

    private List<TrackerEntry> ReadTier(
        ImmutableArray<string> urls, int tier, Dictionary<string, TrackerEntry> before, HashSet<string> seen)
    {
        List<TrackerEntry> usable = [];
        foreach (string url in urls)
        {
            if (seen.Count >= MetainfoLimits.MaxTrackers || !seen.Add(url))
                continue;
            if (TrackerAddress.IsSupported(url, out string? reason))
                usable.Add(EntryOf(url, tier, before));
            else
                _leftOut.Add(new TrackerStatus { Url = url, Tier = tier, State = TrackerState.Unsupported, Message = reason });
        }

        _random.Shuffle(CollectionsMarshal.AsSpan(usable));
        return usable;
    }

    private TrackerEntry EntryOf(string url, int tier, Dictionary<string, TrackerEntry> before)
    {
        if ((before.GetValueOrDefault(url) ?? _leaving.Take(url)) is not { } known)
            return new TrackerEntry(url, tier, _families, _swarms);
        known.Tier = tier;
        return known;
    }
}

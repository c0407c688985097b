using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// Trackers that the torrent no longer has, but that have an announce in progress or must still receive stopped. None is asked for peers.
/// </summary>
internal sealed class LeavingTrackers(Random random)
{
    private readonly Dictionary<string, TrackerEntry> _entries = new(StringComparer.Ordinal);

    /// <summary>When <see cref="Poll"/> has something to do; never if there is no such tracker.</summary>
    public Timestamp NextDue
    {
        get
        {
            Timestamp next = Timestamp.Never;
            foreach (TrackerEntry entry in _entries.Values)
            {
                foreach (TrackerHome home in entry.Homes)
                {
                    Timestamp due = home.UnderWay is not null ? home.TimesOutAt : home.HasHeardStarted ? default : Timestamp.Never;
                    next = due < next ? due : next;
                }
            }

            return next;
        }
    }

    /// <summary>
    /// The torrent no longer has this tracker. One too many is forgotten at once: it drops us when we do not announce for a while.
    /// </summary>
    public void Add(TrackerEntry entry, Timestamp now)
    {
        if (_entries.Count >= MetainfoLimits.MaxTrackers)
            return;
        foreach (TrackerHome home in entry.Homes)
            home.Leave(now);
        if (entry.IsUnderWay || entry.HasHeardStarted)
            _entries.Add(entry.Url, entry);
    }

    /// <summary>Removes and returns a tracker that the torrent has again; null if it is not among these.</summary>
    public TrackerEntry? Take(string url) => _entries.Remove(url, out TrackerEntry? entry) ? entry : null;

    /// <summary>The tracker of a URL, or null.</summary>
    public TrackerEntry? Find(string url) => _entries.GetValueOrDefault(url);

    /// <summary>
    /// Adds to <paramref name="due"/> the stopped announces to make now, each tried once, and forgets trackers that no longer know of us.
    /// </summary>
    public void Poll(Timestamp now, List<DueAnnounce> due)
    {
        foreach ((string url, TrackerEntry entry) in _entries)
        {
            foreach (TrackerHome home in entry.Homes)
            {
                if (home.UnderWay is not null && home.TimesOutAt <= now)
                    entry.TimeOut(home, now, random);
                if (home is { UnderWay: null, HasHeardStarted: true })
                    due.Add(entry.Begin(home, AnnounceEvent.Stopped, now));
            }

            if (!entry.IsUnderWay && !entry.HasHeardStarted)
                _entries.Remove(url);
        }
    }
}

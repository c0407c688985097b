using Freshet.Core.Rates;

namespace Freshet.Core.Trackers;

/// <summary>
/// How often a tracker is announced to. It may be several hosts of an <see cref="AnnounceQueue"/>, one for each address family, which are
/// the same server and have one pace.
/// </summary>
internal sealed class TrackerPace
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1.0 / TrackerLimits.HostAnnouncesPerSecond);
    private static readonly TimeSpan Burst = Pace * (TrackerLimits.HostAnnouncesPerSecond - 1);

    private Timestamp _until;

    /// <summary>The number of hosts that have it.</summary>
    public int Hosts { get; set; }

    /// <summary>When the next announce may be made; in the past if it may now.</summary>
    public Timestamp Next => _until - Burst;

    /// <summary>An announce is made.</summary>
    public void Take(Timestamp now) => _until = (_until > now ? _until : now) + Pace;
}

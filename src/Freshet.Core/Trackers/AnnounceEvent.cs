namespace Freshet.Core.Trackers;

/// <summary>The event of an announce (BEP 3, BEP 21).</summary>
public enum AnnounceEvent
{
    /// <summary>No event: a regular announce.</summary>
    None,

    /// <summary>The run has started.</summary>
    Started,

    /// <summary>The download has just completed.</summary>
    Completed,

    /// <summary>The run has ended.</summary>
    Stopped,

    /// <summary>We have everything that we want, but not the whole torrent (BEP 21).</summary>
    Paused,
}

namespace Freshet.Core.Trackers;

/// <summary>Why we announce (BEP 3, BEP 21).</summary>
public enum AnnounceEvent
{
    /// <summary>One of the regular ones.</summary>
    None,

    /// <summary>The first of a run.</summary>
    Started,

    /// <summary>The download has just ended, whole.</summary>
    Completed,

    /// <summary>We leave.</summary>
    Stopped,

    /// <summary>We have all we want, but not all there is (BEP 21).</summary>
    Paused,
}

namespace Freshet.Core.Trackers;

/// <summary>Why we announce (BEP 3, BEP 21).</summary>
public enum AnnounceEvent
{
    /// <summary>Nothing has happened: a regular announce.</summary>
    None,

    /// <summary>The run has started.</summary>
    Started,

    /// <summary>The download has just completed.</summary>
    Completed,

    /// <summary>The run ends.</summary>
    Stopped,

    /// <summary>We have all we want, but not all there is (BEP 21).</summary>
    Paused,
}

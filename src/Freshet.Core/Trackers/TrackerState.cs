namespace Freshet.Core.Trackers;

/// <summary>How it stands with a tracker.</summary>
public enum TrackerState
{
    /// <summary>Not asked in this run: its turn comes later, or only when others fail.</summary>
    Idle,

    /// <summary>Asked, and not yet answered.</summary>
    Announcing,

    /// <summary>The last announce was answered with peers.</summary>
    Working,

    /// <summary>The last announce failed; it is tried again.</summary>
    Failing,

    /// <summary>It told us never to come again (BEP 31).</summary>
    GivenUp,

    /// <summary>Its URL is none that we can announce to.</summary>
    Unsupported,
}

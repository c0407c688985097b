namespace Freshet.Core.Trackers;

/// <summary>The state of a tracker.</summary>
public enum TrackerState
{
    /// <summary>Not asked in this run: its turn comes later, or only when others fail.</summary>
    Idle,

    /// <summary>Being asked, or waiting for its turn.</summary>
    Announcing,

    /// <summary>The last announce was answered with peers.</summary>
    Working,

    /// <summary>The last announce failed; it is tried again.</summary>
    Failing,

    /// <summary>It asked us never to come again (BEP 31).</summary>
    GivenUp,

    /// <summary>Its URL is not one that we can announce to.</summary>
    Unsupported,
}

namespace Freshet.Core.Trackers;

/// <summary>The state of a tracker.</summary>
public enum TrackerState
{
    /// <summary>Not used in this run: its turn comes later, or only if others fail.</summary>
    Idle,

    /// <summary>An announce is in progress or queued.</summary>
    Announcing,

    /// <summary>The last announce succeeded.</summary>
    Working,

    /// <summary>The last announce failed; it will be retried.</summary>
    Failing,

    /// <summary>It asked us never to announce again (BEP 31).</summary>
    GivenUp,

    /// <summary>Its URL is not supported.</summary>
    Unsupported,
}

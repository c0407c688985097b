namespace Freshet.Discovery;

/// <summary>Why there is no answer of a tracker.</summary>
internal enum TrackerFault
{
    /// <summary>The answer made no sense, or the URL cannot be asked.</summary>
    Failed,

    /// <summary>The host could not be reached, or did not answer in time.</summary>
    Unreachable,

    /// <summary>The host has no address of the family that it was to be asked over.</summary>
    Skipped,

    /// <summary>It was not asked, for a reason of our own: others came first, or the announce was taken back.</summary>
    PutOff,
}

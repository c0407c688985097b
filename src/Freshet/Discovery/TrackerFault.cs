namespace Freshet.Discovery;

/// <summary>Why a tracker gave no answer.</summary>
internal enum TrackerFault
{
    /// <summary>The answer was invalid, or the URL cannot be used.</summary>
    Failed,

    /// <summary>The host could not be reached, or did not answer in time.</summary>
    Unreachable,

    /// <summary>The host has no address of the requested family.</summary>
    Skipped,

    /// <summary>It was not asked, for a reason on our side: others came first, or the announce was withdrawn.</summary>
    PutOff,
}

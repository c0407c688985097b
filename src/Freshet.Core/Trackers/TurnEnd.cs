namespace Freshet.Core.Trackers;

/// <summary>How an announce's turn ended, as far as the tracker's host is concerned.</summary>
internal enum TurnEnd
{
    /// <summary>The host answered, if only by a refusal.</summary>
    Answered,

    /// <summary>The host could not be reached, or did not answer in time.</summary>
    Unreachable,

    /// <summary>It says nothing about the host: the announce was given up, or was never sent.</summary>
    Unknown,
}

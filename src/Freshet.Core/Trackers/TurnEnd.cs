namespace Freshet.Core.Trackers;

/// <summary>How an announce ended, as far as its host is concerned.</summary>
internal enum TurnEnd
{
    /// <summary>The host answered, possibly with a failure.</summary>
    Answered,

    /// <summary>The host could not be reached, or did not answer in time.</summary>
    Unreachable,

    /// <summary>The outcome says nothing about the host: the announce was given up or never sent.</summary>
    Unknown,
}

namespace Freshet.Core.Sessions;

/// <summary>How many torrents may be active at once.</summary>
internal readonly record struct QueueLimits()
{
    /// <summary>Those that download, slow ones not counted.</summary>
    public int Downloads { get; init; } = int.MaxValue;

    /// <summary>Those that seed, slow ones not counted.</summary>
    public int Seeds { get; init; } = int.MaxValue;

    /// <summary>Both together, slow ones counted.</summary>
    public int Active { get; init; } = int.MaxValue;

    /// <summary>Whether nobody has to wait.</summary>
    public bool AreNone => Math.Min(Math.Min(Downloads, Seeds), Active) == int.MaxValue;
}

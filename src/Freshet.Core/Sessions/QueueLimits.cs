namespace Freshet.Core.Sessions;

/// <summary>How many torrents may be active at once.</summary>
internal readonly record struct QueueLimits()
{
    /// <summary>Downloading torrents, not counting slow ones.</summary>
    public int Downloads { get; init; } = int.MaxValue;

    /// <summary>Seeding torrents, not counting slow ones.</summary>
    public int Seeds { get; init; } = int.MaxValue;

    /// <summary>Both together, counting slow ones.</summary>
    public int Active { get; init; } = int.MaxValue;

    /// <summary>Whether there is no limit.</summary>
    public bool AreNone => Math.Min(Math.Min(Downloads, Seeds), Active) == int.MaxValue;
}

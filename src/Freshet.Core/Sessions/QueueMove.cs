namespace Freshet.Core.Sessions;

/// <summary>Where a torrent goes in its session's order.</summary>
public enum QueueMove
{
    /// <summary>Before all others.</summary>
    Top,

    /// <summary>Before the next one above it that is complete as it is, or incomplete as it is.</summary>
    Up,

    /// <summary>Behind the next one below it that is complete as it is, or incomplete as it is.</summary>
    Down,

    /// <summary>Behind all others.</summary>
    Bottom,
}

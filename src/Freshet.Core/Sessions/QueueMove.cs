namespace Freshet.Core.Sessions;

/// <summary>How to move a torrent in its session's order.</summary>
public enum QueueMove
{
    /// <summary>To the top, before all others.</summary>
    Top,

    /// <summary>Up, before the nearest torrent above it that is complete like this one, or incomplete like this one.</summary>
    Up,

    /// <summary>Down, after the nearest torrent below it that is complete like this one, or incomplete like this one.</summary>
    Down,

    /// <summary>To the bottom, after all others.</summary>
    Bottom,
}

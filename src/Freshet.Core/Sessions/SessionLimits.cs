namespace Freshet.Core.Sessions;

/// <summary>The limits on what all torrents of a session share.</summary>
internal sealed record SessionLimits
{
    /// <summary>The most connections, including dials in progress.</summary>
    public required int Connections { get; init; }

    /// <summary>Incoming connections accepted beyond the limit, each to replace another.</summary>
    public int IncomingBeyond { get; init; }

    /// <summary>The most dials in progress.</summary>
    public required int Dials { get; init; }

    /// <summary>The most peers that are unchoked at once.</summary>
    public int UploadSlots { get; init; } = Limits.DefaultUploadSlotsPerSession;

    /// <summary>The most torrents that are checked at once.</summary>
    public int Checks { get; init; } = 1;

    /// <summary>How many torrents may be active at once.</summary>
    public QueueLimits Queue { get; init; } = new();

    /// <summary>Memory for payload, in blocks.</summary>
    public int Blocks { get; init; } = (int)(Limits.DefaultBlockPoolBytes / Limits.BlockLength);
}

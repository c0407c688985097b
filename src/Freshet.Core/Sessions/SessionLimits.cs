namespace Freshet.Core.Sessions;

/// <summary>What all torrents of a session share.</summary>
internal sealed record SessionLimits
{
    /// <summary>The most connections, dials under way counted.</summary>
    public required int Connections { get; init; }

    /// <summary>Incoming connections that may be there beyond it, each to take another's place.</summary>
    public int IncomingBeyond { get; init; }

    /// <summary>The most dials under way.</summary>
    public required int Dials { get; init; }

    /// <summary>The most peers that may request of us at once.</summary>
    public int UploadSlots { get; init; } = Limits.DefaultUploadSlotsPerSession;

    /// <summary>The most torrents that read and hash what is on disk at once.</summary>
    public int Checks { get; init; } = 1;

    /// <summary>How many torrents may be active at once.</summary>
    public QueueLimits Queue { get; init; } = new();

    /// <summary>The memory for payload, in blocks.</summary>
    public int Blocks { get; init; } = (int)(Limits.DefaultBlockPoolBytes / Limits.BlockLength);
}

namespace Freshet.Disk;

/// <summary>What bounds the work of disks, and the wait for them.</summary>
internal static class DiskLimits
{
    /// <summary>Pieces of a torrent that a disk remembers as having failed, to hash their blocks when they are good.</summary>
    public const int MaxFailedPieces = 16 * 1024;

    /// <summary>
    /// The part of the block pool that is kept back beyond what one torrent may hold: a torrent holds at most so many times what is free.
    /// </summary>
    public const int BlockReserve = 16;

    /// <summary>Beats, of a tenth of a second each, over which is measured how much of the block pool a torrent uses.</summary>
    public const int BeatsPerBlockRound = 10;

    /// <summary>Blocks and other requests of a torrent that a disk thread handles in a row before those of another.</summary>
    public const int Turn = BlocksPerWrite;

    /// <summary>
    /// Blocks in a row that are worth a write of their own, and blocks in a worker's queue that are worth waking it: 256 KiB.
    /// </summary>
    public const int BlocksPerWrite = 16;

    /// <summary>How long the blocks of a piece stay in memory alone when no other comes.</summary>
    public static TimeSpan IdleBlockTime => TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest that a finished piece waits for others to be hashed with; it waits only if others are expected by then.
    /// </summary>
    public static TimeSpan MaxHashDelay => TimeSpan.FromMilliseconds(100);

    /// <summary>Pieces of a torrent that a disk may fail to read, each taken for a bad sector, before it is the disk that fails.</summary>
    public const int MaxUnreadablePieces = 64;

    /// <summary>
    /// Mounted file systems that have disk threads of their own; torrents on further ones share.
    /// </summary>
    public const int MaxVolumes = 16;

    /// <summary>Threads of one mounted file system that read for peers what is not in memory.</summary>
    public const int ReadThreads = 4;

    /// <summary>Threads of one mounted file system that flush, look at files and prepare them.</summary>
    public const int CallThreads = 2;

    /// <summary>How long a disk that does not answer is waited for when a torrent or a session ends.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(10);

    /// <summary>Files that a session keeps open, unless its options say otherwise.</summary>
    public const int DefaultOpenFiles = 256;
}

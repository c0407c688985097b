namespace Freshet.Disk;

/// <summary>Limits of the work of disks, and of the waits for them.</summary>
internal static class DiskLimits
{
    /// <summary>The number of failed pieces that a disk remembers per torrent, in order to hash their blocks when they succeed.</summary>
    public const int MaxFailedPieces = 16 * 1024;

    /// <summary>
    /// Determines the reserve of the block pool beyond what one torrent may hold: a torrent holds at most this many times what is free.
    /// </summary>
    public const int BlockReserve = 16;

    /// <summary>The number of beats, a tenth of a second each, over which a torrent's use of the block pool is measured.</summary>
    public const int BeatsPerBlockRound = 10;

    /// <summary>The number of items of a torrent that a disk thread handles in a row before those of another.</summary>
    public const int Turn = BlocksPerWrite;

    /// <summary>
    /// The number of contiguous blocks that are worth a write of their own, and of queued blocks that are worth waking a worker: 256 KiB.
    /// </summary>
    public const int BlocksPerWrite = 16;

    /// <summary>Bytes behind a block that the system is asked to read as well, when a peer begins to read in order.</summary>
    public const int LeastReadAhead = 128 * 1024;

    /// <summary>The most bytes behind a block that the system is asked to read as well.</summary>
    public const int MaxReadAhead = 1024 * 1024;

    /// <summary>How long the blocks of a piece stay in memory only if no other arrives.</summary>
    public static TimeSpan IdleBlockTime => TimeSpan.FromSeconds(5);

    /// <summary>
    /// The maximum time that a finished piece waits for others to be hashed with; it waits only if others are expected by then.
    /// </summary>
    public static TimeSpan MaxHashDelay => TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// The number of unreadable pieces of a torrent, each treated as a bad sector, beyond which the disk counts as failed.
    /// </summary>
    public const int MaxUnreadablePieces = 64;

    /// <summary>The number of mounted file systems with their own disk threads; torrents on further ones share threads.</summary>
    public const int MaxVolumes = 16;

    /// <summary>The number of threads per mounted file system that read for peers what is not in memory.</summary>
    public const int ReadThreads = 4;

    /// <summary>Reads of one torrent in a row, while others wait for the same disk.</summary>
    public const int ReadTurn = 8;

    /// <summary>The number of threads per mounted file system that flush, inspect and prepare files.</summary>
    public const int CallThreads = 2;

    /// <summary>How long to wait for a disk that does not respond when a torrent or a session ends.</summary>
    public static TimeSpan Patience => TimeSpan.FromSeconds(10);

    /// <summary>The default number of files that a session keeps open.</summary>
    public const int DefaultOpenFiles = 256;
}

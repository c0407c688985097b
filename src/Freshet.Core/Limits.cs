namespace Freshet.Core;

/// <summary>Every bound there is. What grows without one is a bug.</summary>
internal static class Limits
{
    /// <summary>Bytes of a block, the unit of a request (BEP 3).</summary>
    public const int BlockLength = 16 * 1024;

    /// <summary>The longest block a peer may ask of us. Other clients cut off at 128 KiB; none of today's asks for more than 16 KiB.</summary>
    public const int MaxRequestLength = 128 * 1024;

    /// <summary>The largest piece that is accepted in a torrent.</summary>
    public const int MaxPieceLength = 256 * 1024 * 1024;

    /// <summary>The most pieces of one torrent.</summary>
    public const int MaxPieces = 4 * 1024 * 1024;

    /// <summary>The most files of one torrent.</summary>
    public const int MaxFiles = 1_000_000;

    /// <summary>Nesting of bencoded lists and dictionaries.</summary>
    public const int MaxBencodeDepth = 100;

    /// <summary>Values in one bencoded document.</summary>
    public const int MaxBencodeTokens = 8_000_000;

    /// <summary>Bytes of a .torrent file.</summary>
    public const int MaxMetainfoLength = 128 * 1024 * 1024;

    /// <summary>Bytes of an extension message's payload (BEP 10); a metadata block with its header is 16.1 KiB.</summary>
    public const int MaxExtensionMessageLength = 1024 * 1024;

    /// <summary>Bytes of a file path's element, as file systems have it.</summary>
    public const int MaxPathElementBytes = 255;

    /// <summary>Bytes of a tracker's answer to an announce or a scrape.</summary>
    public const int MaxTrackerResponseLength = 2 * 1024 * 1024;

    /// <summary>Peers taken from one announce.</summary>
    public const int MaxPeersPerAnnounce = 2_000;

    /// <summary>Trackers of one torrent.</summary>
    public const int MaxTrackers = 200;

    /// <summary>Addresses a torrent remembers in its peer book.</summary>
    public const int MaxKnownPeers = 4_000;

    /// <summary>Connected peers of one torrent, unless its options say otherwise.</summary>
    public const int DefaultPeersPerTorrent = 100;

    /// <summary>Blocks asked of one peer and not yet answered.</summary>
    public const int MaxOutstandingRequests = 1_024;

    /// <summary>Requests of one peer that wait to be served; said to peers as reqq (BEP 10).</summary>
    public const int MaxQueuedUploads = 512;

    /// <summary>Messages of one receive batch handed to the loop at once.</summary>
    public const int MaxMessagesPerBatch = 256;

    /// <summary>Memory of the block pool, unless the session's options say otherwise.</summary>
    public const long DefaultBlockPoolBytes = 64L * 1024 * 1024;

    /// <summary>Blocks in a row that are worth a write of their own, and blocks in a worker's queue that are worth waking it: 256 KiB.</summary>
    public const int BlocksPerWrite = 16;

    /// <summary>How long the blocks of a piece stay in memory alone when no other comes.</summary>
    public static TimeSpan IdleBlockTime => TimeSpan.FromSeconds(5);

    /// <summary>How long a finished piece waits for others to be hashed with, if pieces come in quick succession.</summary>
    public static TimeSpan HashCompanyTime => TimeSpan.FromMilliseconds(40);

    /// <summary>What is quick succession.</summary>
    public static TimeSpan HashCompanyGap => TimeSpan.FromMilliseconds(10);

    /// <summary>Files that a session keeps open, unless its options say otherwise.</summary>
    public const int DefaultOpenFiles = 256;

    /// <summary>Events a reader may fall behind before the oldest are dropped.</summary>
    public const int MaxPendingEvents = 4_096;
}

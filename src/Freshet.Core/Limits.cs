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

    /// <summary>Bytes of a file's whole path in a torrent: half of what Linux takes, since the download folder comes in front.</summary>
    public const int MaxPathBytes = 2_048;

    /// <summary>Elements of a file's path.</summary>
    public const int MaxPathDepth = 100;

    /// <summary>Bytes of a tracker's or web seed's URL.</summary>
    public const int MaxUrlLength = 4_096;

    /// <summary>Web seeds of one torrent.</summary>
    public const int MaxWebSeeds = 200;

    /// <summary>DHT nodes that a torrent or a magnet link may name.</summary>
    public const int MaxNodes = 200;

    /// <summary>What a torrent's reader has to say about it; the rest is counted.</summary>
    public const int MaxMetainfoWarnings = 100;

    /// <summary>Symbolic links that are followed from one to the next before they count as a circle, as Linux has it.</summary>
    public const int MaxSymlinkHops = 40;

    /// <summary>Characters of a magnet link.</summary>
    public const int MaxMagnetLength = 256 * 1024;

    /// <summary>Ranges of files that a magnet link may select (BEP 53).</summary>
    public const int MaxMagnetFileRanges = 10_000;

    /// <summary>Bytes of a tracker's answer to an announce or a scrape.</summary>
    public const int MaxTrackerResponseLength = 2 * 1024 * 1024;

    /// <summary>Values in a tracker's answer; a peer in the long form takes eight.</summary>
    public const int MaxTrackerResponseTokens = 200_000;

    /// <summary>Peers taken from one announce.</summary>
    public const int MaxPeersPerAnnounce = 2_000;

    /// <summary>Trackers of one torrent.</summary>
    public const int MaxTrackers = 200;

    /// <summary>Characters of a tracker's words that are kept.</summary>
    public const int MaxTrackerMessageLength = 1_024;

    /// <summary>Bytes of the id that a tracker wants to hear again.</summary>
    public const int MaxTrackerIdLength = 1_024;

    /// <summary>Characters of an announce URL as a torrent has it.</summary>
    public const int MaxTrackerUrlLength = 4_096;

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

    /// <summary>Events a reader may fall behind before the oldest are dropped.</summary>
    public const int MaxPendingEvents = 4_096;
}

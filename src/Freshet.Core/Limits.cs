namespace Freshet.Core;

/// <summary>
/// Bounds shared by several areas; bounds of a single area are in that area's folder. Anything that grows without a bound is a bug.
/// </summary>
internal static class Limits
{
    /// <summary>Bytes of a block, the unit of a request (BEP 3).</summary>
    public const int BlockLength = 16 * 1024;

    /// <summary>
    /// The longest block that a peer may request from us. Other clients disconnect above 128 KiB; no current client requests more than 16
    /// KiB.
    /// </summary>
    public const int MaxRequestLength = 128 * 1024;

    /// <summary>The largest piece length that we accept.</summary>
    public const int MaxPieceLength = 256 * 1024 * 1024;

    /// <summary>The most pieces of one torrent.</summary>
    public const int MaxPieces = 4 * 1024 * 1024;

    /// <summary>The most files of one torrent.</summary>
    public const int MaxFiles = 1_000_000;

    /// <summary>The deepest nesting of bencoded lists and dictionaries.</summary>
    public const int MaxBencodeDepth = 100;

    /// <summary>
    /// Tokens in one bencoded document, end tokens included: enough for all files of the largest torrent. A file takes eight tokens, one
    /// more for each folder in its path, and two for each further key.
    /// </summary>
    public const int MaxBencodeTokens = 16 * MaxFiles;

    /// <summary>Connected peers of one torrent, unless its options say otherwise.</summary>
    public const int DefaultPeersPerTorrent = 100;

    /// <summary>One network may have at most 1/<c>NetworkShare</c> of a torrent's or a session's connections.</summary>
    public const int NetworkShare = 4;

    /// <summary>Connections that one network may always have to a torrent, however small the torrent's limit is.</summary>
    public const int MinPeersPerNetwork = 4;

    /// <summary>Incoming connections that a full session accepts beyond its limit, so that they can replace others.</summary>
    public const int MaxIncomingBeyond = 50;

    /// <summary>Peers of a whole session that are unchoked at once.</summary>
    public const int DefaultUploadSlotsPerSession = 200;

    /// <summary>The fewest and the most upload slots of a torrent while their number follows the upload rate.</summary>
    public const int MinUploadSlots = 8;

    /// <inheritdoc cref="MinUploadSlots"/>
    public const int MaxUploadSlots = 64;

    /// <summary>Connections of one torrent that are being dialled or have not completed the handshake.</summary>
    public const int MaxHalfOpen = 40;

    /// <summary>Pieces that a peer may request while we choke it (BEP 6).</summary>
    public const int AllowedFastPieces = 10;

    /// <summary>
    /// The fewest and the most pieces of a torrent that can be super-seeded (BEP 16). With fewer, most pieces would be in transit at once;
    /// with more, revealing them one by one would take too long.
    /// </summary>
    public const int MinHiddenPieces = 8;

    /// <inheritdoc cref="MinHiddenPieces"/>
    public const int MaxHiddenPieces = 64 * 1024;

    /// <summary>
    /// Consecutive requests of a peer that we may refuse before we disconnect it because it ignores our answers. When we choke a peer, at
    /// most half as many are in transit.
    /// </summary>
    public const int MaxRefusedRequests = 2 * MaxQueuedUploads;

    /// <summary>Consecutive blocks that a peer may send without a request from us.</summary>
    public const int MaxUnrequestedBlocks = 256;

    /// <summary>
    /// How often a peer may replace its bitfield by one that lacks some of its pieces; once is usual. Each time, all pieces are counted
    /// again.
    /// </summary>
    public const int MaxPieceSetsPerPeer = 16;

    /// <summary>Blocks read with one system call: as many as one send takes.</summary>
    public const int MaxReadRun = 64;

    /// <summary>How many of a peer's requests the endgame examines, latest first, to find one that another peer can take over.</summary>
    public const int EndgameProbes = 32;

    /// <summary>Requests that we promise to queue for each peer, sent as reqq (BEP 10).</summary>
    public const int PromisedQueuedUploads = 512;

    /// <summary>
    /// Requests of one peer that may wait to be served; further ones are refused. Twice what is promised, since a peer that has received a
    /// block sends its next request before we have counted that block as sent.
    /// </summary>
    public const int MaxQueuedUploads = 2 * PromisedQueuedUploads;

    /// <summary>Messages of one receive batch that are handed to the loop at once.</summary>
    public const int MaxMessagesPerBatch = 256;

    /// <summary>Payload bytes of a datagram: an Ethernet frame with some room to spare.</summary>
    public const int MaxDatagramLength = 2 * 1024;

    /// <summary>
    /// Seconds that an incoming peer waits for its torrent to be added or checked. Other clients wait ten seconds for our handshake.
    /// </summary>
    public const int EarlyPeerSeconds = 5;

    /// <summary>Incoming peers that may wait for their torrent at once.</summary>
    public const int MaxEarlyPeers = 16;

    /// <summary>
    /// Memory of the block pool, unless the session's options say otherwise. A larger pool lets blocks leave the CPU cache before they are
    /// hashed: with four times as much, a download took an eighth more CPU time.
    /// </summary>
    public const long DefaultBlockPoolBytes = 16L * 1024 * 1024;

    /// <summary>The largest resume file in bytes; the largest torrents need a few MiB.</summary>
    public const int MaxResumeLength = 256 * 1024 * 1024;

    /// <summary>
    /// How long a stopping torrent waits for its disk, counted from the request to stop. Data that the disk has not taken by then may be
    /// lost.
    /// </summary>
    public static TimeSpan DiskStopTime => TimeSpan.FromSeconds(20);

    /// <summary>How long a stopping torrent or session waits for the state folder and for threads that a dead disk blocks.</summary>
    public static TimeSpan LastStopTime => TimeSpan.FromSeconds(3);

    /// <summary>How long a start that was cancelled waits for the disk of the state folder, to leave the folder free.</summary>
    public static TimeSpan CancelledStartTime => TimeSpan.FromSeconds(2);

    /// <summary>Events that a reader may fall behind before the oldest are dropped.</summary>
    public const int MaxPendingEvents = 4_096;

    /// <summary>Entries of the user data that is attached to a torrent.</summary>
    public const int MaxUserDataEntries = 64;

    /// <summary>Bytes of the user data of a torrent, keys and values together.</summary>
    public const int MaxUserDataBytes = 16 * 1024;

    /// <summary>How long disposing a session waits for the session to stop.</summary>
    public static TimeSpan SessionStopTime => TimeSpan.FromSeconds(30);
}

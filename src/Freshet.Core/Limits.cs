namespace Freshet.Core;

/// <summary>
/// The bounds that several areas share; those of one area alone are in its own folder. What grows without a bound is a bug.
/// </summary>
internal static class Limits
{
    /// <summary>Bytes of a block, the unit of a request (BEP 3).</summary>
    public const int BlockLength = 16 * 1024;

    /// <summary>
    /// The longest block a peer may ask of us. Other clients cut off at 128 KiB; none of today's asks for more than 16 KiB.
    /// </summary>
    public const int MaxRequestLength = 128 * 1024;

    /// <summary>The largest piece that is accepted in a torrent.</summary>
    public const int MaxPieceLength = 256 * 1024 * 1024;

    /// <summary>The most pieces of one torrent.</summary>
    public const int MaxPieces = 4 * 1024 * 1024;

    /// <summary>The most files of one torrent.</summary>
    public const int MaxFiles = 1_000_000;

    /// <summary>Nesting of bencoded lists and dictionaries.</summary>
    public const int MaxBencodeDepth = 100;

    /// <summary>
    /// Tokens in one bencoded document, ends counted: room for all files of the largest torrent. A file takes eight, one more for each
    /// folder that it lies in, and two for each further key.
    /// </summary>
    public const int MaxBencodeTokens = 16 * MaxFiles;

    /// <summary>Connected peers of one torrent, unless its options say otherwise.</summary>
    public const int DefaultPeersPerTorrent = 100;

    /// <summary>The part of a torrent's or a session's connections that one network may have is one in so many.</summary>
    public const int NetworkShare = 4;

    /// <summary>Connections that one network may have with one torrent, however few the torrent may have.</summary>
    public const int MinPeersPerNetwork = 4;

    /// <summary>Incoming connections of a full session that are there at once, to take the place of others.</summary>
    public const int MaxIncomingBeyond = 50;

    /// <summary>Peers of a whole session that may request of us at once.</summary>
    public const int DefaultUploadSlotsPerSession = 200;

    /// <summary>The fewest and the most peers of a torrent that may request of us at once, if that follows the rate of sending.</summary>
    public const int MinUploadSlots = 8;

    /// <inheritdoc cref="MinUploadSlots"/>
    public const int MaxUploadSlots = 64;

    /// <summary>Connections of one torrent that are dialled and not yet shaken hands on.</summary>
    public const int MaxHalfOpen = 40;

    /// <summary>Pieces that a peer may have of us while we choke it (BEP 6).</summary>
    public const int AllowedFastPieces = 10;

    /// <summary>
    /// The fewest and the most pieces of a torrent that is super-seeded (BEP 16): of few, most would be on their way at once; of many, it
    /// would take long to tell them all one by one.
    /// </summary>
    public const int MinHiddenPieces = 8;

    /// <inheritdoc cref="MinHiddenPieces"/>
    public const int MaxHiddenPieces = 64 * 1024;

    /// <summary>
    /// Requests in a row that we may refuse a peer before it is taken for one that does not listen. A choke meets no more than half of that
    /// on their way.
    /// </summary>
    public const int MaxRefusedRequests = 2 * MaxQueuedUploads;

    /// <summary>Blocks in a row that a peer may send without our having asked for them.</summary>
    public const int MaxUnrequestedBlocks = 256;

    /// <summary>
    /// Times that a peer may replace the set of its pieces by one that lacks some of them; once is usual. Each has all pieces counted
    /// again.
    /// </summary>
    public const int MaxPieceSetsPerPeer = 16;

    /// <summary>Blocks read with one call to the system: as many as a send takes.</summary>
    public const int MaxReadRun = 64;

    /// <summary>Requests of one peer that are looked at, the latest first, to find one that another peer can take over (endgame).</summary>
    public const int EndgameProbes = 32;

    /// <summary>Requests of one peer that we promise to queue, said to peers as reqq (BEP 10).</summary>
    public const int PromisedQueuedUploads = 512;

    /// <summary>
    /// Requests of one peer that wait to be served; more are refused. Twice what is promised, since a peer that has our block asks for the
    /// next before we have counted that one as sent.
    /// </summary>
    public const int MaxQueuedUploads = 2 * PromisedQueuedUploads;

    /// <summary>Messages of one receive batch handed to the loop at once.</summary>
    public const int MaxMessagesPerBatch = 256;

    /// <summary>Bytes of a datagram's payload: what Ethernet carries, and then some.</summary>
    public const int MaxDatagramLength = 2 * 1024;

    /// <summary>
    /// Seconds that an incoming peer waits for its torrent to be added or checked. Other clients wait ten for our handshake.
    /// </summary>
    public const int EarlyPeerSeconds = 5;

    /// <summary>Incoming peers that wait so.</summary>
    public const int MaxEarlyPeers = 16;

    /// <summary>
    /// Memory of the block pool, unless the session's options say otherwise. With more of it, blocks leave the processor's cache before
    /// they are hashed: a download took an eighth more processor time with four times as much.
    /// </summary>
    public const long DefaultBlockPoolBytes = 16L * 1024 * 1024;

    /// <summary>Bytes of a resume file; the largest torrents need some MiB.</summary>
    public const int MaxResumeLength = 256 * 1024 * 1024;

    /// <summary>
    /// How long a torrent's end waits for its disk, counted from when it was asked for. What the disk has not taken by then may be lost.
    /// </summary>
    public static TimeSpan DiskStopTime => TimeSpan.FromSeconds(20);

    /// <summary>How long the end of a torrent or a session waits for the state folder, and for threads that a dead disk holds.</summary>
    public static TimeSpan LastStopTime => TimeSpan.FromSeconds(3);

    /// <summary>Events a reader may fall behind before the oldest are dropped.</summary>
    public const int MaxPendingEvents = 4_096;

    /// <summary>Entries of the dictionary that a user attaches to a torrent.</summary>
    public const int MaxUserDataEntries = 64;

    /// <summary>Bytes of that dictionary, keys and values together.</summary>
    public const int MaxUserDataBytes = 16 * 1024;

    /// <summary>How long the end of a session is waited for when it is disposed of.</summary>
    public static TimeSpan SessionStopTime => TimeSpan.FromSeconds(30);
}

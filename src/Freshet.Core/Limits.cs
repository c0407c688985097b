namespace Freshet.Core;

/// <summary>Every bound there is. What grows without one is a bug.</summary>
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

    /// <summary>Bytes of a .torrent file.</summary>
    public const int MaxMetainfoLength = 128 * 1024 * 1024;

    /// <summary>
    /// Bytes that a row of the extension table may allow a message (BEP 10); a metadata block with its header is 16.1 KiB.
    /// </summary>
    public const int MaxExtensionMessageLength = 128 * 1024;

    /// <summary>
    /// Bytes of an info dictionary that is fetched from peers, or given to them (BEP 9): room for the hashes of 800,000 pieces. A .torrent
    /// file may be larger, but nobody could believe a peer that says so.
    /// </summary>
    public const int MaxMetadataLength = 16 * 1024 * 1024;

    /// <summary>Attempts at once to fetch one torrent's metadata, where peers claim different sizes or send different bytes.</summary>
    public const int MaxMetadataAttempts = 4;

    /// <summary>Bytes of such attempts together, if all their pieces came; one alone always has room.</summary>
    public const int MaxMetadataBytes = 2 * MaxMetadataLength;

    /// <summary>Failed attempts of which the hashes of the pieces are kept, with their senders, until it is known who lied.</summary>
    public const int MaxMetadataEvidence = 4;

    /// <summary>Peers taken from one message of another peer (BEP 11), which has fifty at most after the first.</summary>
    public const int MaxExchangedPeers = 100;

    /// <summary>Peers that we tell another of in one message as added, and as many as dropped (BEP 11).</summary>
    public const int MaxToldPeers = 50;

    /// <summary>Peers that left of whom others can be told.</summary>
    public const int MaxExchangedLeaves = 256;

    /// <summary>Addresses in a torrent's book that peers of one network told us and that nobody has answered at yet.</summary>
    public const int MaxToldPerNetwork = 200;

    /// <summary>The same, told by all peers together: half of the book is for addresses from elsewhere.</summary>
    public const int MaxTold = MaxKnownPeers / 2;

    /// <summary>Requests of one peer for metadata that wait to be served; more are refused.</summary>
    public const int MaxMetadataRequestsPerPeer = 64;

    /// <summary>Requests of all peers of a torrent for metadata that wait to be served.</summary>
    public const int MaxMetadataRequests = 1_024;

    /// <summary>Bytes a second at which one torrent's metadata is given to peers, all together.</summary>
    public const int MetadataBytesPerSecond = 2 * 1024 * 1024;

    /// <summary>Bytes of an extension handshake (BEP 10); clients of today send some hundred.</summary>
    public const int MaxExtensionHandshakeLength = 16 * 1024;

    /// <summary>Bytes of a peer message of a kind unknown to us, which is passed over.</summary>
    public const int MaxUnknownMessageLength = 64 * 1024;

    /// <summary>Extensions that are remembered of one peer (BEP 10); clients of today name about ten.</summary>
    public const int MaxExtensionsPerPeer = 32;

    /// <summary>Bencoded values in an extension handshake (BEP 10).</summary>
    public const int MaxExtensionHandshakeTokens = 2_000;

    /// <summary>Characters of a name or version that a peer gives for itself (BEP 10); what is longer is cut.</summary>
    public const int MaxPeerTextLength = 64;

    /// <summary>Bytes of a file path's element, as file systems have it.</summary>
    public const int MaxPathElementBytes = 255;

    /// <summary>Bytes of a file's whole path in a torrent: half of what Linux takes, since the download folder comes in front.</summary>
    public const int MaxPathBytes = 2_048;

    /// <summary>
    /// Characters of all file paths of a torrent, the torrent's name in each: 256 MiB of memory. A million files have room for 134 each.
    /// Without it a .torrent of 25 MB could take a gigabyte by a long name alone.
    /// </summary>
    public const long MaxPathCharacters = 128L * 1024 * 1024;

    /// <summary>Elements of a file's path.</summary>
    public const int MaxPathDepth = 100;

    /// <summary>Bytes of a tracker's or web seed's URL.</summary>
    public const int MaxUrlLength = 4_096;

    /// <summary>Web seeds of one torrent.</summary>
    public const int MaxWebSeeds = 200;

    /// <summary>DHT nodes that a torrent or a magnet link may name.</summary>
    public const int MaxNodes = 200;

    /// <summary>Bytes of a torrent's comment, of the name of its maker and of its source; what is longer is cut.</summary>
    public const int MaxMetainfoTextBytes = 64 * 1024;

    /// <summary>Characters of a torrent's name where it is shown; twice what the longest file name has.</summary>
    public const int MaxShownNameLength = 512;

    /// <summary>What a torrent's reader has to say about it; the rest is counted.</summary>
    public const int MaxMetainfoWarnings = 100;

    /// <summary>Symbolic links that are followed from one to the next before they count as a circle, as Linux has it.</summary>
    public const int MaxSymlinkHops = 40;

    /// <summary>
    /// Characters that are looked up, in one torrent, to follow its symbolic links: a tenth of a second's work. Links made to be long to
    /// follow would keep a reader busy for many minutes.
    /// </summary>
    public const long MaxSymlinkSteps = 100_000_000;

    /// <summary>Characters of a magnet link with all escaped that can be.</summary>
    public const int MaxMagnetLength = 256 * 1024;

    /// <summary>Ranges of files that a magnet link may select (BEP 53).</summary>
    public const int MaxMagnetFileRanges = 10_000;

    /// <summary>Bytes of a tracker's answer to an announce or a scrape.</summary>
    public const int MaxTrackerResponseLength = 2 * 1024 * 1024;

    /// <summary>Kilobytes of the headers before a tracker's answer.</summary>
    public const int MaxTrackerHeaderKilobytes = 16;

    /// <summary>Redirects followed on the way to an answer over HTTP.</summary>
    public const int MaxHttpRedirects = 5;

    /// <summary>Announces and scrapes under way at once, in a whole session.</summary>
    public const int MaxTrackerRequests = 64;

    /// <summary>Of those, to hosts that have not answered yet, so that dead ones leave room for the others.</summary>
    public const int MaxUnprovenTrackerRequests = MaxTrackerRequests / 2;

    /// <summary>Announces under way at once to one host that answers; one that does not is asked one at a time.</summary>
    public const int MaxRequestsPerTrackerHost = 8;

    /// <summary>
    /// Announces a second to one host, and how many may come in a burst: 10,000 torrents of one tracker take eight minutes to start.
    /// </summary>
    public const int TrackerHostAnnouncesPerSecond = 20;

    /// <summary>Announces that wait for their turn in a session, about 300 bytes each.</summary>
    public const int MaxQueuedAnnounces = 200_000;

    /// <summary>How long an announce waits for its turn before it is put off.</summary>
    public static TimeSpan MaxAnnounceWait => TimeSpan.FromMinutes(15);

    /// <summary>Tracker hosts of which it is remembered whether they answer.</summary>
    public const int MaxRememberedTrackerHosts = 2_000;

    /// <summary>Values in a tracker's answer; a peer in the long form takes eight.</summary>
    public const int MaxTrackerResponseTokens = 200_000;

    /// <summary>Peers taken from one announce.</summary>
    public const int MaxPeersPerAnnounce = 2_000;

    /// <summary>Announces and scrapes to UDP trackers that are not answered.</summary>
    public const int MaxUdpTrackerQueries = 4_096;

    /// <summary>Of those, datagrams under way to one address.</summary>
    public const int MaxUdpTrackerInFlight = 64;

    /// <summary>Bytes of a UDP tracker's URL behind its port, which it may be told (BEP 41).</summary>
    public const int MaxUdpTrackerUrlLength = 1_024;

    /// <summary>Swarms in one scrape of a UDP tracker; BEP 15 says about 74, for the sake of small datagrams.</summary>
    public const int MaxUdpScrapedSwarms = 70;

    /// <summary>
    /// How long one announce or scrape waits for a UDP tracker: BEP 15's first two waits. Those that come later wait with the tracker's
    /// back-off, which goes on.
    /// </summary>
    public static TimeSpan UdpTrackerPatience => TimeSpan.FromSeconds(15 + 30);

    /// <summary>Trackers of one torrent.</summary>
    public const int MaxTrackers = 200;

    /// <summary>Characters of a tracker's words that are kept.</summary>
    public const int MaxTrackerMessageLength = 1_024;

    /// <summary>Bytes of the id that a tracker wants to hear again.</summary>
    public const int MaxTrackerIdLength = 1_024;

    /// <summary>Addresses a torrent remembers in its peer book.</summary>
    public const int MaxKnownPeers = 4_000;

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

    /// <summary>Origins banned in a torrent's run; when there are more, one is forgiven at random.</summary>
    public const int MaxBannedPeers = 4_096;

    /// <summary>Addresses remembered as senders of a piece that failed, with others, without proof.</summary>
    public const int MaxSuspects = 1_000;

    /// <summary>
    /// Blocks of failed pieces whose hash is kept until the piece is good, about 100 bytes each; the oldest piece's go first.
    /// </summary>
    public const int MaxBlocksInEvidence = 64 * 1024;

    /// <summary>Pieces of a torrent that a disk remembers as having failed, to hash their blocks when they are good.</summary>
    public const int MaxFailedPieces = 16 * 1024;

    /// <summary>Pieces that a peer may let us request while it chokes us (BEP 6); others are not noted.</summary>
    public const int MaxAllowedFastPieces = 64;

    /// <summary>Pieces that a peer may suggest to us (BEP 6) and that are noted, the latest.</summary>
    public const int MaxSuggestedPieces = 16;

    /// <summary>Pieces that a peer may have of us while we choke it (BEP 6).</summary>
    public const int AllowedFastPieces = 10;

    /// <summary>
    /// The fewest and the most pieces of a torrent that is super-seeded (BEP 16): of few, most would be on their way at once; of many, it
    /// would take long to tell them all one by one.
    /// </summary>
    public const int MinHiddenPieces = 8;

    /// <inheritdoc cref="MinHiddenPieces"/>
    public const int MaxHiddenPieces = 64 * 1024;

    /// <summary>Requests in a row that we may refuse a peer before it is taken for one that does not listen.</summary>
    public const int MaxRefusedRequests = 4_096;

    /// <summary>Blocks in a row that a peer may send without our having asked for them.</summary>
    public const int MaxUnrequestedBlocks = 256;

    /// <summary>
    /// Times that a peer may replace the set of its pieces by one that lacks some of them; once is usual. Each has all pieces counted
    /// again.
    /// </summary>
    public const int MaxPieceSetsPerPeer = 16;

    /// <summary>Requests assumed to be welcome where a peer does not say (BEP 10, reqq).</summary>
    public const int DefaultRequestQueue = 250;

    /// <summary>Blocks asked of one peer and not yet answered.</summary>
    public const int MaxOutstandingRequests = 1_024;

    /// <summary>Peers of whom one block is asked at once: in endgame, and when a deadline has passed.</summary>
    public const int MaxRequestersPerBlock = 3;

    /// <summary>Blocks read with one call to the system: as many as a send takes.</summary>
    public const int MaxReadRun = 64;

    /// <summary>
    /// Blocks that any peer may be asked for though others are asked for them (endgame); a fast one may be asked for more.
    /// </summary>
    public const int MinEndgameRequests = 8;

    /// <summary>
    /// Messages about pieces that are kept of one peer until the torrent's metadata is known, beside those that say all of its pieces.
    /// </summary>
    public const int MaxEarlyMessages = 1_024;

    /// <summary>
    /// Bytes of bitfields that are kept of all peers of a torrent until its metadata is known: a hundred of those of a million pieces.
    /// </summary>
    public const int MaxEarlyBytes = 16 * 1024 * 1024;

    /// <summary>Requests of one peer that are looked at, the latest first, to find one that another peer can take over (endgame).</summary>
    public const int EndgameProbes = 32;

    /// <summary>Pieces got in random order before the rarest first: something to trade is worth more than something rare.</summary>
    public const int RandomFirstPieces = 4;

    /// <summary>Pieces the picker looks at in one search, of each kind, before it takes the best of those or looks elsewhere.</summary>
    public const int PickerProbes = 256;

    /// <summary>Blocks of begun pieces, each 16 bytes of bookkeeping, beyond which no further piece is begun.</summary>
    public const int MaxStartedBlocks = 1024 * 1024;

    /// <summary>The fewest and the most pieces that may be begun at once, whatever their size.</summary>
    public const int MinStartedPieces = 64;

    /// <inheritdoc cref="MinStartedPieces"/>
    public const int MaxStartedPieces = 8 * 1024;

    /// <summary>Blocks of begun pieces beyond which, with more pieces begun than peers, begun ones are finished first.</summary>
    public const int CrowdedBlocks = 2_048;

    /// <summary>Pieces with a deadline.</summary>
    public const int MaxDeadlines = 256;

    /// <summary>Requests of one peer that we promise to queue, said to peers as reqq (BEP 10).</summary>
    public const int PromisedQueuedUploads = 512;

    /// <summary>
    /// Requests of one peer that wait to be served; more are refused. Twice what is promised, since a peer that has our block asks for the
    /// next before we have counted that one as sent.
    /// </summary>
    public const int MaxQueuedUploads = 2 * PromisedQueuedUploads;

    /// <summary>Messages of one receive batch handed to the loop at once.</summary>
    public const int MaxMessagesPerBatch = 256;

    /// <summary>Bytes of such messages' payloads, blocks not counted; one message alone may be longer.</summary>
    public const int MaxInboxBytes = 256 * 1024;

    /// <summary>Bytes of control messages that wait for a peer to read; one that lets more gather is given up.</summary>
    public const int MaxOutboxBytes = 2 * 1024 * 1024;

    /// <summary>Bytes received from a peer at once, and the same of blocks sent at once.</summary>
    public const int MaxTransferLength = 256 * 1024;

    /// <summary>
    /// The part of the free memory for blocks that is received from one peer at once is one in so many, but at least a block.
    /// </summary>
    public const int ReceiveShare = 8;

    /// <summary>Dials that wait for others to end.</summary>
    public const int MaxQueuedDials = 1_000;

    /// <summary>Bytes of a datagram's payload: what Ethernet carries, and then some.</summary>
    public const int MaxDatagramLength = 2 * 1024;

    /// <summary>Datagrams that wait to be sent by one socket; more are dropped and counted.</summary>
    public const int MaxQueuedDatagrams = 512;

    /// <summary>Datagrams received at once, before others have their turn.</summary>
    public const int MaxReceivedDatagrams = 1_024;

    /// <summary>Protocols that share a UDP port.</summary>
    public const int MaxDatagramProtocols = 8;

    /// <summary>Host names looked up at once, each by a thread that the system's resolver may block for half a minute.</summary>
    public const int MaxNameLookups = 8;

    /// <summary>Host names that wait to be looked up.</summary>
    public const int MaxQueuedNameLookups = 1_000;

    /// <summary>Seconds for a connection to come about.</summary>
    public const int ConnectTimeoutSeconds = 10;

    /// <summary>
    /// Seconds that a torrent's end waits for its connections; what still runs then, a read of a dead disk most likely, is left alone.
    /// </summary>
    public const int ConnectionEndSeconds = 5;

    /// <summary>Milliseconds that a way of connecting to a peer has for itself before another is tried beside it (RFC 8305).</summary>
    public const int DialHeadStartMilliseconds = 250;

    /// <summary>The same where that way has worked with the peer before.</summary>
    public const int ProvenHeadStartMilliseconds = 1_000;

    /// <summary>Bytes that are enciphered, and sent, at once.</summary>
    public const int EncipheredPortion = 64 * 1024;

    /// <summary>Seconds for all the ways of connecting to a peer together, its handshake included.</summary>
    public const int DialTimeoutSeconds = 30;

    /// <summary>Seconds for a peer to send its handshake, the whole of it.</summary>
    public const int HandshakeTimeoutSeconds = 10;

    /// <summary>Bytes of a pad of message stream encryption.</summary>
    public const int MaxEncryptionPad = 512;

    /// <summary>Bytes held of an encrypted handshake: the longest side of one has 1,176 before its initial payload.</summary>
    public const int EncryptionBuffer = 2 * 1024;

    /// <summary>
    /// Seconds for which an incoming connection is not made to leave for another, though there are more without a handshake than there may
    /// be in the long run: whoever has something to say has said it by then.
    /// </summary>
    public const int HandshakeGraceSeconds = 1;

    /// <summary>
    /// Seconds that an incoming peer waits for its torrent to be added or checked. Other clients wait ten for our handshake.
    /// </summary>
    public const int EarlyPeerSeconds = 5;

    /// <summary>Incoming peers that wait so.</summary>
    public const int MaxEarlyPeers = 16;

    /// <summary>Seconds that a send may take before the peer is held to have gone.</summary>
    public const int SendTimeoutSeconds = 60;

    /// <summary>Memory of the block pool, unless the session's options say otherwise.</summary>
    public const long DefaultBlockPoolBytes = 64L * 1024 * 1024;

    /// <summary>
    /// The part of the block pool that is kept back beyond what one torrent may hold: a torrent holds at most so many times what is free.
    /// </summary>
    public const int BlockReserve = 16;

    /// <summary>Beats, of a tenth of a second each, over which is measured how much of the block pool a torrent uses.</summary>
    public const int BeatsPerBlockRound = 10;

    /// <summary>Blocks and other requests of a torrent that a disk thread handles in a row before those of another.</summary>
    public const int DiskTurn = BlocksPerWrite;

    /// <summary>Bytes of a resume file; the largest torrents need some MiB.</summary>
    public const int MaxResumeLength = 256 * 1024 * 1024;

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
    public const int DiskReadThreads = 4;

    /// <summary>Threads of one mounted file system that flush, look at files and prepare them.</summary>
    public const int DiskCallThreads = 2;

    /// <summary>How long a disk that does not answer is waited for when a torrent or a session ends.</summary>
    public static TimeSpan DiskPatience => TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a torrent's end waits for its disk, counted from when it was asked for. What the disk has not taken by then may be lost.
    /// </summary>
    public static TimeSpan DiskStopTime => TimeSpan.FromSeconds(20);

    /// <summary>How long the end of a torrent or a session waits for the state folder, and for threads that a dead disk holds.</summary>
    public static TimeSpan LastStopTime => TimeSpan.FromSeconds(3);

    /// <summary>Files that a session keeps open, unless its options say otherwise.</summary>
    public const int DefaultOpenFiles = 256;

    /// <summary>Events a reader may fall behind before the oldest are dropped.</summary>
    public const int MaxPendingEvents = 4_096;

    /// <summary>Entries of the dictionary that a user attaches to a torrent.</summary>
    public const int MaxUserDataEntries = 64;

    /// <summary>Bytes of that dictionary, keys and values together.</summary>
    public const int MaxUserDataBytes = 16 * 1024;

    /// <summary>How long the end of a session is waited for when it is disposed of.</summary>
    public static TimeSpan SessionStopTime => TimeSpan.FromSeconds(30);
}

namespace Freshet.Core.Dht;

/// <summary>Bounds of the DHT.</summary>
internal static class DhtLimits
{
    /// <summary>Nodes in a bucket of the routing table, and closest nodes at which a lookup ends (BEP 5, K).</summary>
    public const int DhtBucketSize = 8;

    /// <summary>Concurrent queries of a lookup, not counting late ones.</summary>
    public const int DhtParallelQueries = 4;

    /// <summary>Bencoding tokens of a DHT message.</summary>
    public const int MaxKrpcTokens = 512;

    /// <summary>Unanswered queries of ours.</summary>
    public const int MaxDhtQueries = 1_024;

    /// <summary>The burst of the DHT's rate limits: its messages come in bursts, for example during a lookup.</summary>
    public static TimeSpan DhtBurst => TimeSpan.FromSeconds(1);

    /// <summary>Bytes of queries sent per second, about two hundred queries.</summary>
    public const int DhtQueryBytesPerSecond = 24 * 1024;

    /// <summary>Bytes of answers sent per second.</summary>
    public const int DhtAnswerBytesPerSecond = 64 * 1024;

    /// <summary>Queries from one host that are answered in ten seconds.</summary>
    public const int MaxDhtQueriesPerHost = 200;

    /// <summary>Bytes of an answer: fits in one packet on every network.</summary>
    public const int MaxDhtAnswerLength = 1_200;

    /// <summary>
    /// Bytes by which answers may exceed their queries in ten minutes, for all endpoints together of one host that have not proved that
    /// they receive them: the address may be somebody else's.
    /// </summary>
    public const int DhtUnprovenCredit = 2 * 1024;

    /// <summary>
    /// The same for all such hosts together, per second: some ten that have just come, and no more, however many addresses are forged.
    /// </summary>
    public const int DhtUnprovenBytesPerSecond = 4 * 1024;

    /// <summary>How much of it can be saved up, as time: hosts come in bursts.</summary>
    public static TimeSpan DhtUnprovenBurst => TimeSpan.FromSeconds(16);

    /// <summary>
    /// Bytes per second by which answers may exceed their queries, for all endpoints together of one host that have proved that they
    /// receive them: somebody else can ask in their name. About ten answers with the closest nodes.
    /// </summary>
    public const int DhtProvenBytesPerSecond = 2 * 1024;

    /// <summary>How much of it can be saved up, as time: nodes behind one address may ask at once.</summary>
    public static TimeSpan DhtProvenBurst => TimeSpan.FromSeconds(16);

    /// <summary>Endpoints of one host that are asked in ten minutes to prove that they receive our datagrams.</summary>
    public const int MaxDhtProofsPerHost = 64;

    /// <summary>
    /// Hosts whose traffic with our node is remembered, in each of two generations, and as many endpoints that have proved that they
    /// receive it.
    /// </summary>
    public const int MaxDhtCorrespondents = 4_096;

    /// <summary>
    /// How long an id that was taken for our address stays, whatever others report: behind a router with several addresses the vote comes
    /// and goes, and each change costs our place in the tables of others.
    /// </summary>
    public static TimeSpan DhtIdLifetime => TimeSpan.FromMinutes(10);

    /// <summary>Nodes that are being pinged to verify them.</summary>
    public const int MaxDhtVerifications = 16;

    /// <summary>Searches in progress.</summary>
    public const int MaxDhtSearches = 32;

    /// <summary>
    /// Searches in progress for the peers of torrents, of each urgency: the rest is left to the others. Enough for 10,000 torrents to be
    /// announced before the nodes forget them.
    /// </summary>
    public const int MaxDhtSearchesOfUrgency = 24;

    /// <summary>Queued searches of each urgency.</summary>
    public const int MaxQueuedDhtSearches = 512;

    /// <summary>Nodes that one lookup remembers.</summary>
    public const int MaxDhtCandidates = 128;

    /// <summary>
    /// Queries of one lookup, beyond which no closer node is worth another: usual are some forty, and liars can name any number of nodes.
    /// </summary>
    public const int MaxDhtQueriesPerLookup = 128;

    /// <summary>
    /// Those of them for nodes that only one other has named. Eight that answer can name as many as a lookup may query; the rest is for
    /// nodes of our own table, and for those that two have named.
    /// </summary>
    public const int MaxDhtUnconfirmedQueriesPerLookup = MaxDhtQueriesPerLookup - 32;

    /// <summary>Nodes accepted from one answer.</summary>
    public const int MaxDhtNodesPerAnswer = 16;

    /// <summary>Peers that one search returns; beyond that, only <see cref="MinDhtPeersPerAnswer"/> of each answer.</summary>
    public const int MaxDhtPeersFound = 1_000;

    /// <summary>New peers accepted from one answer, as many as an answer of ours has.</summary>
    public const int MaxDhtPeersPerAnswer = MaxDhtValues;

    /// <summary>New peers accepted from any answer, however many others have named.</summary>
    public const int MinDhtPeersPerAnswer = 8;

    /// <summary>Peers in one answer of ours over IPv4.</summary>
    public const int MaxDhtValues = 100;

    /// <summary>Peers in one answer of ours over IPv6, where they and the nodes beside them are longer.</summary>
    public const int MaxDhtValuesV6 = 25;

    /// <summary>Info-hashes in one answer of ours (BEP 51).</summary>
    public const int MaxDhtSamples = 20;

    /// <summary>Info-hashes for which our node stores peers.</summary>
    public const int MaxDhtStoredHashes = 2_000;

    /// <summary>Peers that our node stores for one info-hash.</summary>
    public const int MaxDhtPeersPerHash = 200;

    /// <summary>Peers of one network (an IPv4 /24 or an IPv6 /48) among them, once there is room for no more.</summary>
    public const int MaxDhtPeersPerNetwork = MaxDhtPeersPerHash / 4;

    /// <summary>Info-hashes that one host may be the first to announce while there is no room.</summary>
    public const int MaxDhtHashesPerHost = 64;

    /// <summary>Items (BEP 44) that our node stores, at most 1,000 bytes each.</summary>
    public const int MaxDhtItems = 2_000;

    /// <summary>Items stored for one host.</summary>
    public const int MaxDhtItemsPerHost = 64;

    /// <summary>Item signatures that our node verifies per second for put queries.</summary>
    public const int DhtSignaturesPerSecond = 16;

    /// <summary>Bytes of an answer with an item: fits the longest item, and still fits in an Ethernet frame.</summary>
    public const int MaxDhtItemAnswerLength = 1_400;

    /// <summary>Bytes of the file that stores DHT nodes.</summary>
    public const int MaxDhtFileLength = 64 * 1024;

    /// <summary>Nodes of each address family that are saved from run to run.</summary>
    public const int MaxDhtSavedNodes = 200;

    /// <summary>Bootstrap nodes of each address family that torrents and the last run name, used while our node knows few others.</summary>
    public const int MaxDhtBeginnings = 256;

    /// <summary>Addresses of bootstrap nodes that the user names, and of routers, in each address family.</summary>
    public const int MaxDhtNamedBeginnings = 32;

    /// <summary>Bootstrap nodes of torrents and of the last run that one lookup asks.</summary>
    public const int MaxDhtBeginningsAsked = 48;
}

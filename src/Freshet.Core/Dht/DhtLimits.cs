namespace Freshet.Core.Dht;

/// <summary>What bounds the DHT.</summary>
internal static class DhtLimits
{
    /// <summary>Nodes of a bucket of the DHT's routing table, and nodes that a lookup ends at (BEP 5, K).</summary>
    public const int DhtBucketSize = 8;

    /// <summary>Nodes that a lookup in the DHT asks at once, those not counted that are late.</summary>
    public const int DhtParallelQueries = 4;

    /// <summary>Tokens of a message of the DHT.</summary>
    public const int MaxKrpcTokens = 512;

    /// <summary>Queries of ours to nodes of the DHT that are not answered yet.</summary>
    public const int MaxDhtQueries = 1_024;

    /// <summary>What may be saved up of the budgets of the DHT: its messages come in flocks, as those of a lookup do.</summary>
    public static TimeSpan DhtBurst => TimeSpan.FromSeconds(1);

    /// <summary>Bytes of queries sent to nodes of the DHT in a second, about two hundred queries.</summary>
    public const int DhtQueryBytesPerSecond = 24 * 1024;

    /// <summary>Bytes of answers sent to nodes of the DHT in a second.</summary>
    public const int DhtAnswerBytesPerSecond = 64 * 1024;

    /// <summary>Queries of one host that are answered in ten seconds.</summary>
    public const int MaxDhtQueriesPerHost = 200;

    /// <summary>Bytes of an answer to a node of the DHT: what every network carries in one piece.</summary>
    public const int MaxDhtAnswerLength = 1_200;

    /// <summary>
    /// Bytes that answers may have beyond their queries, all in ten minutes, for a host that has not shown that it receives them: it may be
    /// somebody else's address.
    /// </summary>
    public const int DhtUnprovenCredit = 2 * 1024;

    /// <summary>Hosts whose traffic with our DHT node is remembered, in each of two generations.</summary>
    public const int MaxDhtCorrespondents = 4_096;

    /// <summary>Nodes of the DHT that are being asked whether they are there.</summary>
    public const int MaxDhtVerifications = 16;

    /// <summary>Searches in the DHT that are under way.</summary>
    public const int MaxDhtSearches = 16;

    /// <summary>Searches in the DHT that wait.</summary>
    public const int MaxQueuedDhtSearches = 1_024;

    /// <summary>Nodes that one lookup in the DHT remembers.</summary>
    public const int MaxDhtCandidates = 128;

    /// <summary>Nodes taken from one answer.</summary>
    public const int MaxDhtNodesPerAnswer = 16;

    /// <summary>Peers that one search in the DHT gives.</summary>
    public const int MaxDhtPeersFound = 1_000;

    /// <summary>Peers in one answer of ours.</summary>
    public const int MaxDhtValues = 100;

    /// <summary>Info-hashes in one answer of ours (BEP 51).</summary>
    public const int MaxDhtSamples = 20;

    /// <summary>Info-hashes of which our DHT node stores peers for others.</summary>
    public const int MaxDhtStoredHashes = 2_000;

    /// <summary>Peers of one info-hash that our DHT node stores for others.</summary>
    public const int MaxDhtPeersPerHash = 200;

    /// <summary>Items (BEP 44) that our DHT node stores for others, at most 1,000 bytes each.</summary>
    public const int MaxDhtItems = 2_000;

    /// <summary>Items of one host among them.</summary>
    public const int MaxDhtItemsPerHost = 64;

    /// <summary>Signatures of items that our DHT node verifies in a second for those who put them.</summary>
    public const int DhtSignaturesPerSecond = 16;

    /// <summary>Bytes of an answer with an item: the longest item fits, and so does the datagram into what Ethernet carries.</summary>
    public const int MaxDhtItemAnswerLength = 1_400;

    /// <summary>Bytes of the file that keeps nodes of the DHT.</summary>
    public const int MaxDhtFileLength = 64 * 1024;

    /// <summary>Nodes of the DHT that are kept from run to run, of each family.</summary>
    public const int MaxDhtSavedNodes = 200;

    /// <summary>Nodes of each family that our DHT node begins from while it knows few others.</summary>
    public const int MaxDhtBeginnings = 256;
}

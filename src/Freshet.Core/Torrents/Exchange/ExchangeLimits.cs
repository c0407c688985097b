namespace Freshet.Core.Torrents.Exchange;

/// <summary>What bounds the exchange of metadata (BEP 9) and of peers (BEP 11).</summary>
internal static class ExchangeLimits
{
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

    /// <summary>Peers that we tell another of in one message as added, and as many as dropped (BEP 11).</summary>
    public const int MaxToldPeers = 50;

    /// <summary>Peers that left of whom others can be told.</summary>
    public const int MaxExchangedLeaves = 256;

    /// <summary>Requests of one peer for metadata that wait to be served; more are refused.</summary>
    public const int MaxMetadataRequestsPerPeer = 64;

    /// <summary>Requests of one network for metadata that wait to be served, if there is as much room for others.</summary>
    public const int MaxMetadataRequestsPerNetwork = MaxMetadataRequests / Limits.NetworkShare;

    /// <summary>Requests of one network for metadata that may wait however many others do.</summary>
    public const int MinMetadataRequestsPerNetwork = 4;

    /// <summary>
    /// Requests of all peers of a torrent for metadata that wait to be served, beyond the few that each network may have.
    /// </summary>
    public const int MaxMetadataRequests = 1_024;

    /// <summary>Bytes a second at which one torrent's metadata is given to peers, all together.</summary>
    public const int MetadataBytesPerSecond = 2 * 1024 * 1024;
}

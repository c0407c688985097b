namespace Freshet.Core.Torrents.Exchange;

/// <summary>Bounds on the exchange of metadata (BEP 9) and of peers (BEP 11).</summary>
internal static class ExchangeLimits
{
    /// <summary>
    /// The largest info dictionary in bytes that is fetched from or served to peers (BEP 9): enough for the hashes of 800,000 pieces. A
    /// .torrent file may be larger, but a peer that claims more cannot be trusted.
    /// </summary>
    public const int MaxMetadataLength = 16 * 1024 * 1024;

    /// <summary>Concurrent attempts to fetch one torrent's metadata when peers claim different sizes or send different bytes.</summary>
    public const int MaxMetadataAttempts = 4;

    /// <summary>Bytes of these attempts together, counting all their pieces; a single attempt always has room.</summary>
    public const int MaxMetadataBytes = 2 * MaxMetadataLength;

    /// <summary>Failed attempts whose piece hashes and senders are kept until it is known who lied.</summary>
    public const int MaxMetadataEvidence = 4;

    /// <summary>Peers listed as added in one message, and at most as many as dropped (BEP 11).</summary>
    public const int MaxToldPeers = 50;

    /// <summary>Messages with addresses that are taken from one peer in a minute, as libtorrent has it.</summary>
    public const int MaxExchangesPerMinute = 6;

    /// <summary>Departed peers that are remembered in order to report them as dropped.</summary>
    public const int MaxExchangedLeaves = 256;

    /// <summary>Queued metadata requests of one peer; further ones are refused.</summary>
    public const int MaxMetadataRequestsPerPeer = 64;

    /// <summary>Queued metadata requests of one network, as long as others have as much room.</summary>
    public const int MaxMetadataRequestsPerNetwork = MaxMetadataRequests / Limits.NetworkShare;

    /// <summary>Queued metadata requests that every network may have, however many others are queued.</summary>
    public const int MinMetadataRequestsPerNetwork = 4;

    /// <summary>Queued metadata requests of all peers of a torrent, beyond the few that each network may always have.</summary>
    public const int MaxMetadataRequests = 1_024;

    /// <summary>Bytes per second at which one torrent's metadata is served, all peers together.</summary>
    public const int MetadataBytesPerSecond = 2 * 1024 * 1024;
}

namespace Freshet.Core.Peers;

/// <summary>What bounds the addresses a torrent knows, and what is kept of one peer.</summary>
internal static class PeerLimits
{
    /// <summary>
    /// Addresses in a torrent's book that peers of one network told us, their own as well, and that nobody has answered at yet.
    /// </summary>
    public const int MaxToldPerNetwork = 200;

    /// <summary>The same, told by all peers together: half of the book is for addresses from elsewhere.</summary>
    public const int MaxTold = MaxKnownPeers / 2;

    /// <summary>Voices that count for our own address, of each family.</summary>
    public const int MaxAddressVotes = 64;

    /// <summary>Addresses a torrent remembers in its peer book.</summary>
    public const int MaxKnownPeers = 4_000;

    /// <summary>Origins banned in a torrent's run; when there are more, one is forgiven at random.</summary>
    public const int MaxBannedPeers = 4_096;

    /// <summary>Addresses remembered as senders of a piece that failed, with others, without proof.</summary>
    public const int MaxSuspects = 1_000;

    /// <summary>
    /// Blocks of failed pieces whose hash is kept until the piece is good, about 100 bytes each; the oldest piece's go first.
    /// </summary>
    public const int MaxBlocksInEvidence = 64 * 1024;

    /// <summary>Pieces that a peer may let us request while it chokes us (BEP 6); others are not noted.</summary>
    public const int MaxAllowedFastPieces = 64;

    /// <summary>Pieces that a peer may suggest to us (BEP 6) and that are noted, the latest.</summary>
    public const int MaxSuggestedPieces = 16;

    /// <summary>Requests assumed to be welcome where a peer does not say (BEP 10, reqq).</summary>
    public const int DefaultRequestQueue = 250;

    /// <summary>Blocks asked of one peer and not yet answered.</summary>
    public const int MaxOutstandingRequests = 1_024;

    /// <summary>
    /// Messages about pieces that are kept of one peer until the torrent's metadata is known, beside those that say all of its pieces.
    /// </summary>
    public const int MaxEarlyMessages = 1_024;

    /// <summary>
    /// Bytes of bitfields that are kept of all peers of a torrent until its metadata is known: a hundred of those of a million pieces.
    /// </summary>
    public const int MaxEarlyBytes = 16 * 1024 * 1024;

    /// <summary>Connections that may end for a flood of requests before whoever made them is banned.</summary>
    public const int MostStrikes = 3;

    /// <summary>Origins whose floods are counted.</summary>
    public const int MaxStruckOrigins = 1_024;
}

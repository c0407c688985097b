namespace Freshet.Core.Peers;

/// <summary>Bounds on the addresses that a torrent knows, and on the state kept per peer.</summary>
internal static class PeerLimits
{
    /// <summary>
    /// Unconfirmed addresses in a torrent's book that came from peers of one network, including their own listening addresses.
    /// </summary>
    public const int MaxToldPerNetwork = 200;

    /// <summary>The same for all peers together: half of the book is reserved for other sources.</summary>
    public const int MaxTold = MaxKnownPeers / 2;

    /// <summary>
    /// Addresses of one public host in a torrent's book. The user may name any number, and a peer that connects to us says its own port.
    /// </summary>
    public const int MaxPerHost = 8;

    /// <summary>The same for an IPv6 /64, which several hosts may share.</summary>
    public const int MaxPerHostNetwork = 16;

    /// <summary>Addresses of a full book that are compared to find the one that makes room for another.</summary>
    public const int PlacesCompared = 16;

    /// <summary>Votes that count for our own address, per address family.</summary>
    public const int MaxAddressVotes = 64;

    /// <summary>Addresses in a torrent's peer book.</summary>
    public const int MaxKnownPeers = 4_000;

    /// <summary>Origins banned in one run of a torrent; beyond that, a random ban is dropped.</summary>
    public const int MaxBannedPeers = 4_096;

    /// <summary>Origins remembered as contributors to a failed piece without proof against them.</summary>
    public const int MaxSuspects = 1_000;

    /// <summary>
    /// Blocks of failed pieces whose hash is kept until the piece is verified, about 100 bytes each; those of the oldest piece are dropped
    /// first.
    /// </summary>
    public const int MaxBlocksInEvidence = 64 * 1024;

    /// <summary>Pieces recorded as allowed fast by a peer (BEP 6); further ones are ignored.</summary>
    public const int MaxAllowedFastPieces = 64;

    /// <summary>The number of origins of which a torrent remembers how much they were sent while choked.</summary>
    public const int MaxFastOrigins = 2_000;

    /// <summary>Pieces recorded as suggested by a peer (BEP 6), the latest ones.</summary>
    public const int MaxSuggestedPieces = 16;

    /// <summary>Requests assumed to be acceptable if a peer does not say (BEP 10, reqq).</summary>
    public const int DefaultRequestQueue = 250;

    /// <summary>Outstanding requests to one peer.</summary>
    public const int MaxOutstandingRequests = 1_024;

    /// <summary>
    /// Messages about pieces kept per peer until the torrent's metadata is known, in addition to one that covers all its pieces.
    /// </summary>
    public const int MaxEarlyMessages = 1_024;

    /// <summary>
    /// Pieces kept per peer that it says it lost (BEP 54) before the torrent's metadata is known: all that a super-seeding Freshet takes
    /// back.
    /// </summary>
    public const int MaxEarlyLost = Limits.MaxHiddenPieces;

    /// <summary>
    /// Bytes of bitfields and losses kept for all peers of a torrent until its metadata is known: a hundred bitfields of a million pieces.
    /// </summary>
    public const int MaxEarlyBytes = 16 * 1024 * 1024;

    /// <summary>Connections that may be closed for flooding before the origin is banned.</summary>
    public const int MostStrikes = 3;

    /// <summary>Origins whose floods are counted.</summary>
    public const int MaxStruckOrigins = 1_024;

    /// <summary>Addresses of a torrent that only peers have told us of and that did not answer, which are remembered as such.</summary>
    public const int MaxDead = 500;

    /// <summary>For how long: a peer that was away for an hour can be told of again.</summary>
    public static TimeSpan DeadFor => TimeSpan.FromHours(2);
}

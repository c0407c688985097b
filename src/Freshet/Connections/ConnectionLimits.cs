namespace Freshet.Connections;

/// <summary>Limits of peer connections and of dialling.</summary>
internal static class ConnectionLimits
{
    /// <summary>Bytes of message payloads that wait for the torrent's loop, not counting blocks; a single message may be longer.</summary>
    public const int MaxInboxBytes = 256 * 1024;

    /// <summary>Bytes of control messages queued for a peer; a peer that does not read them is disconnected beyond that.</summary>
    public const int MaxOutboxBytes = 2 * 1024 * 1024;

    /// <summary>Bytes received from a peer at once, and bytes of blocks sent at once.</summary>
    public const int MaxTransferLength = 256 * 1024;

    /// <summary>
    /// One receive from a peer takes at most this fraction (one in so many) of the free memory for blocks, but at least a block.
    /// </summary>
    public const int ReceiveShare = 8;

    /// <summary>The maximum number of dials queued behind others.</summary>
    public const int MaxQueuedDials = 1_000;

    /// <summary>Dials through holes that are in progress beside all others.</summary>
    public const int MaxUrgentDials = 16;

    /// <summary>Seconds for a connection to be established.</summary>
    public const int ConnectTimeoutSeconds = 10;

    /// <summary>
    /// Seconds that a stopping torrent waits for its connections; those that still run, most likely because a disk hangs, are abandoned.
    /// </summary>
    public const int EndSeconds = 5;

    /// <summary>Milliseconds of head start that a route to a peer has before another is tried alongside (RFC 8305).</summary>
    public const int DialHeadStartMilliseconds = 250;

    /// <summary>The same for a route that has worked with the peer before.</summary>
    public const int ProvenHeadStartMilliseconds = 1_000;

    /// <summary>
    /// Seconds that the other routes to a peer have once its machine has refused one: enough for a lost packet to be retransmitted, and no
    /// more, because peer lists are full of peers that have left.
    /// </summary>
    public const int AfterRefusalSeconds = 2;

    /// <summary>Bytes encrypted and sent at once.</summary>
    public const int EncipheredPortion = 64 * 1024;

    /// <summary>Seconds for all routes to a peer together, including the handshake.</summary>
    public const int DialTimeoutSeconds = 30;

    /// <summary>Seconds for a peer to send its complete handshake.</summary>
    public const int HandshakeTimeoutSeconds = 10;

    /// <summary>
    /// Seconds for which an incoming connection is never evicted for another, even if there are more without a handshake than allowed in
    /// the long run: a real peer has sent its handshake by then.
    /// </summary>
    public const int HandshakeGraceSeconds = 1;

    /// <summary>Seconds after which a send that has not completed means that the peer is gone.</summary>
    public const int SendTimeoutSeconds = 60;
}

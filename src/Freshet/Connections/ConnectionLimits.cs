namespace Freshet.Connections;

/// <summary>What bounds the connections to peers, and the way there.</summary>
internal static class ConnectionLimits
{
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

    /// <summary>Seconds for a connection to come about.</summary>
    public const int ConnectTimeoutSeconds = 10;

    /// <summary>
    /// Seconds that a torrent's end waits for its connections; what still runs then, a read of a dead disk most likely, is left alone.
    /// </summary>
    public const int EndSeconds = 5;

    /// <summary>Milliseconds that a way of connecting to a peer has for itself before another is tried beside it (RFC 8305).</summary>
    public const int DialHeadStartMilliseconds = 250;

    /// <summary>The same where that way has worked with the peer before.</summary>
    public const int ProvenHeadStartMilliseconds = 1_000;

    /// <summary>
    /// Seconds that the other ways of connecting to a peer have once its machine refused one: time for a packet that was lost to be sent
    /// again, and no more, because lists of peers are full of those who are gone.
    /// </summary>
    public const int AfterRefusalSeconds = 2;

    /// <summary>Bytes that are enciphered, and sent, at once.</summary>
    public const int EncipheredPortion = 64 * 1024;

    /// <summary>Seconds for all the ways of connecting to a peer together, its handshake included.</summary>
    public const int DialTimeoutSeconds = 30;

    /// <summary>Seconds for a peer to send its handshake, the whole of it.</summary>
    public const int HandshakeTimeoutSeconds = 10;

    /// <summary>
    /// Seconds for which an incoming connection is not made to leave for another, though there are more without a handshake than there may
    /// be in the long run: whoever has something to say has said it by then.
    /// </summary>
    public const int HandshakeGraceSeconds = 1;

    /// <summary>Seconds that a send may take before the peer is held to have gone.</summary>
    public const int SendTimeoutSeconds = 60;
}

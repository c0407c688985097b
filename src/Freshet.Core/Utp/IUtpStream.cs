namespace Freshet.Core.Utp;

/// <summary>
/// The user of a connection, which supplies the bytes to send and takes those received. Only the owner of the
/// <see cref="UtpMachine{TAddress}"/> calls it, but its counts may change at any time, since the bytes are written and read elsewhere.
/// </summary>
internal interface IUtpStream
{
    /// <summary>Bytes received and not yet read.</summary>
    int Unread { get; }

    /// <summary>The most bytes that the reader can take now: the peer is given room for no more.</summary>
    int MostUnread { get; }

    /// <summary>Bytes waiting to be sent.</summary>
    int Unsent { get; }

    /// <summary>Takes the next bytes to send, as many as fit and are available.</summary>
    int Take(Span<byte> destination);

    /// <summary>Delivers the next bytes from the peer.</summary>
    void Deliver(ReadOnlySpan<byte> bytes);

    /// <summary>The peer has answered: bytes may flow.</summary>
    void OnConnected();

    /// <summary>The peer will send no more.</summary>
    void OnEndOfStream();

    /// <summary>Nothing is sent or received any more. Called exactly once.</summary>
    void OnEnded(UtpEnd end);

    /// <summary>A batch of packets has been processed: waiting readers and writers can be woken now.</summary>
    void OnBatchEnd();
}

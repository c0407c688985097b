namespace Freshet.Core.Utp;

/// <summary>
/// Who uses a connection: gives the bytes to send and takes those that have come. It is called by the <see cref="UtpMachine{TAddress}"/>'s
/// owner alone, but what it counts may change at any time, since the bytes are written and read elsewhere.
/// </summary>
internal interface IUtpStream
{
    /// <summary>Bytes that have come and were not read yet.</summary>
    int Unread { get; }

    /// <summary>Bytes that wait to be sent.</summary>
    int Unsent { get; }

    /// <summary>Takes the next bytes to send, as many as fit and are there.</summary>
    int Take(Span<byte> destination);

    /// <summary>The next bytes of the peer.</summary>
    void Deliver(ReadOnlySpan<byte> bytes);

    /// <summary>The peer has answered: bytes may flow.</summary>
    void OnConnected();

    /// <summary>The peer will send no more.</summary>
    void OnEndOfStream();

    /// <summary>Nothing is sent or received any more. Called once.</summary>
    void OnEnded(UtpEnd end);

    /// <summary>A batch of packets has been dealt with: now is the time to wake those who wait.</summary>
    void OnBatchEnd();
}

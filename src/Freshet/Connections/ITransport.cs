using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>
/// A stream of bytes to and from a peer. One receive and one send may be under way at a time; no operation allocates. What fails,
/// fails with a <see cref="SocketException"/>.
/// </summary>
internal interface ITransport : IDisposable
{
    IPEndPoint LocalEndPoint { get; }

    IPEndPoint RemoteEndPoint { get; }

    /// <summary>What it is made of.</summary>
    PeerWay Way { get; }

    /// <summary>How long a packet takes to the peer and back, as it is measured below; null where that is not known.</summary>
    TimeSpan? RoundTrip => null;

    /// <summary>
    /// Receives what there is, at least a byte; 0 when the peer has closed. With an empty buffer it waits until there is something to
    /// receive, so that nobody who waits need hold memory; having waited, it may end though there is nothing.
    /// </summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all of it, or as much as goes; tells how many bytes.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer);

    /// <summary>
    /// Tells the peer at once that what it sent has arrived, where the system would wait for something to send along with that. A
    /// peer that gathers small messages until then (Nagle's algorithm) holds its next requests back for as long.
    /// </summary>
    void AcknowledgeNow();

    /// <summary>Ends the connection; what is under way fails. May be called from any thread, and more than once.</summary>
    void Abort();

    /// <summary>
    /// Ends the connection as <see cref="Abort"/> does, and forgets what was not sent yet, instead of sending it in the end.
    /// </summary>
    void Reset();
}

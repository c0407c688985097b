using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>
/// A stream of bytes to and from a peer. One receive and one send may be in progress at a time; no operation allocates. Errors are reported
/// as a <see cref="SocketException"/>.
/// </summary>
internal interface ITransport : IDisposable
{
    IPEndPoint LocalEndPoint { get; }

    IPEndPoint RemoteEndPoint { get; }

    /// <summary>How the connection was made.</summary>
    PeerWay Way { get; }

    /// <summary>The round-trip time measured by the layer below; null if it is not known.</summary>
    TimeSpan? RoundTrip => null;

    /// <summary>
    /// Receives what is available, at least one byte; 0 when the peer has closed. With an empty buffer it waits until there is something to
    /// receive, so that an idle connection holds no memory; such a wait may also end with nothing to receive.
    /// </summary>
    ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all or part of the buffer; returns the number of bytes sent.</summary>
    ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer);

    /// <summary>
    /// Sets how many bytes may wait to be received, which the peer is told if the layer below can; until then it is the layer's own choice.
    /// With TCP the system decides.
    /// </summary>
    void LimitUnread(int bytes)
    {
    }

    /// <summary>
    /// Acknowledges received data at once, where the system would delay the acknowledgement. A peer that uses Nagle's algorithm holds back
    /// its next small messages until then.
    /// </summary>
    void AcknowledgeNow();

    /// <summary>Ends the connection; operations in progress fail. May be called from any thread, and more than once.</summary>
    void Abort();

    /// <summary>Ends the connection like <see cref="Abort"/>, but discards unsent data instead of still sending it.</summary>
    void Reset();
}

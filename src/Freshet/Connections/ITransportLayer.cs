using System.Net;
using System.Net.Sockets;

namespace Freshet.Connections;

/// <summary>Something that is negotiated on a new connection before the peer's handshake: encryption, or the way on from a proxy.</summary>
internal interface ITransportLayer
{
    /// <summary>
    /// Negotiates, and gives the transport to go on with. What was read too far is given back by a <see cref="PrefixedTransport"/>. If the
    /// attempt is called off, the transport below is aborted, and what is under way on it fails.
    /// </summary>
    /// <param name="below">The connection so far. Stays the caller's if this throws.</param>
    /// <param name="target">The peer.</param>
    /// <param name="cancellationToken">The attempt is called off.</param>
    /// <exception cref="SocketException">The other side does not agree, or is gone.</exception>
    ValueTask<ITransport> OpenAsync(ITransport below, EndPoint target, CancellationToken cancellationToken);
}

using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>Makes connections over one kind of transport. Used from any thread.</summary>
internal interface IConnector
{
    PeerTransport Transport { get; }

    /// <summary>Connects.</summary>
    /// <param name="target">An address with a port, or a name with one.</param>
    /// <param name="cancellationToken">The attempt is called off; nothing of it is left.</param>
    /// <exception cref="SocketException">It cannot be connected to.</exception>
    ValueTask<ITransport> ConnectAsync(EndPoint target, CancellationToken cancellationToken);
}

using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>Makes connections over one transport. Thread-safe.</summary>
internal interface IConnector
{
    PeerTransport Transport { get; }

    /// <summary>Connects.</summary>
    /// <param name="target">An address or a host name, with a port.</param>
    /// <param name="cancellationToken">Cancels the attempt and cleans up.</param>
    /// <exception cref="SocketException">The connection failed.</exception>
    ValueTask<ITransport> ConnectAsync(EndPoint target, CancellationToken cancellationToken);
}

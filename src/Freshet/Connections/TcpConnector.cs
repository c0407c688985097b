using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>Connects over TCP, from where the binding says.</summary>
internal sealed class TcpConnector(NetworkBinding binding, TimeProvider time) : IConnector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(ConnectionLimits.ConnectTimeoutSeconds);

    private readonly HostDialer _hosts = new(binding, Patience);

    public PeerTransport Transport => PeerTransport.Tcp;

    public async ValueTask<ITransport> ConnectAsync(EndPoint target, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Socket? socket = null;
        try
        {
            socket = target switch
            {
                IPEndPoint address => await _hosts.ConnectAsync(address, either.Token).ConfigureAwait(false),
                DnsEndPoint host => await _hosts.ConnectAsync(host.Host, host.Port, either.Token).ConfigureAwait(false),
                _ => throw new SocketException((int)SocketError.AddressFamilyNotSupported),
            };
            TcpTransport transport = new(socket);
            socket = null;
            return transport;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
        finally
        {
            socket?.Dispose();
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>Connects over TCP, from the binding's address, or through a proxy.</summary>
internal sealed class TcpConnector(NetworkBinding binding, TimeProvider time) : IConnector
{
    /// <summary>The time limit for connecting.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(ConnectionLimits.ConnectTimeoutSeconds);

    private readonly HostDialer _hosts = new(binding, Patience);

    /// <summary>The proxy that all connections go through; null for none.</summary>
    public ProxyDialer? Proxy { get; init; }

    public PeerTransport Transport => PeerTransport.Tcp;

    public async ValueTask<ITransport> ConnectAsync(EndPoint target, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(Patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        Socket? socket = null;
        try
        {
            socket = Proxy is null
                ? await DialAsync(target, either.Token).ConfigureAwait(false)
                : await Proxy.ConnectAsync(target, either.Token).ConfigureAwait(false);
            TcpTransport transport = new(socket, Proxy is null ? null : target as IPEndPoint);
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

    private ValueTask<Socket> DialAsync(EndPoint target, CancellationToken cancellationToken) => target switch
    {
        IPEndPoint address => _hosts.ConnectAsync(address, cancellationToken),
        DnsEndPoint host => _hosts.ConnectAsync(host.Host, host.Port, cancellationToken),
        _ => throw new SocketException((int)SocketError.AddressFamilyNotSupported),
    };
}

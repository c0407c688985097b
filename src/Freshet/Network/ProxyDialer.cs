using System.Net;
using System.Net.Sockets;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Network;

/// <summary>
/// Connects to hosts through a proxy, which also resolves their names. Thread-safe. The caller limits the time by cancelling.
/// </summary>
/// <param name="proxy">The proxy.</param>
/// <param name="binding">The binding of connections to the proxy.</param>
/// <param name="patience">The time limit for the proxy's addresses together, if its host is a name.</param>
internal sealed class ProxyDialer(ProxyOptions proxy, NetworkBinding binding, TimeSpan patience)
{
    private readonly HostDialer _hosts = new(binding, patience);

    /// <summary>Changes whenever all connections made before have become useless.</summary>
    public int Epoch => binding.Epoch;

    /// <summary>Cancelled when all connections made from now on have become useless.</summary>
    public CancellationToken UntilLost => binding.UntilLost;

    /// <summary>Why the proxy cannot be reached from this machine, for people; null if it may be.</summary>
    public string? Trouble => binding.Trouble;

    /// <summary>Whether it may be able to relay datagrams.</summary>
    public bool MayRelay => proxy.Kind == ProxyKind.Socks5;

    /// <summary>Connects.</summary>
    /// <param name="target">An address, or a name for the proxy to resolve.</param>
    /// <param name="cancellationToken">Cancels the attempt.</param>
    /// <returns>A socket connected to the target.</returns>
    /// <exception cref="ProxyException">The proxy cannot be reached, or refuses.</exception>
    /// <exception cref="SocketException">The address is blocked.</exception>
    public async ValueTask<Socket> ConnectAsync(EndPoint target, CancellationToken cancellationToken)
    {
        if (target is IPEndPoint address && binding.Filter.IsBlocked(address))
            throw new SocketException((int)SocketError.AccessDenied);
        ProxyHandshake handshake = proxy.Kind == ProxyKind.Socks5
            ? Socks5Handshake.Connect(target, proxy.UserName, proxy.Password)
            : new HttpConnectHandshake(target, proxy.UserName, proxy.Password);
        return await OpenAsync(handshake, NameOf(target), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Has datagrams relayed.</summary>
    /// <param name="names">The hosts that the proxy is to look up.</param>
    /// <param name="cancellationToken">The attempt is called off.</param>
    /// <exception cref="ProxyException">The proxy is not there, or relays none.</exception>
    public async Task<UdpRelay> RelayAsync(RelayedNames names, CancellationToken cancellationToken)
    {
        Socks5Handshake handshake = Socks5Handshake.Associate(proxy.UserName, proxy.Password);
        Socket control = await OpenAsync(handshake, "UDP", cancellationToken).ConfigureAwait(false);
        IPEndPoint ends = (IPEndPoint)control.RemoteEndPoint!;

        // It may say that it is at no address, or by which name: it is where it was asked then.
        IPEndPoint bound = handshake.Bound ?? ends;
        bool isThere = bound.Address.Equals(IPAddress.Any) || bound.Address.Equals(IPAddress.IPv6Any);
        KeepAlive(control);
        return new UdpRelay(control, new IPEndPoint(isThere ? ends.Address : bound.Address, bound.Port), names);
    }

    // Nothing is ever said on this connection, so that only this reveals a proxy that is gone, and keeps a router on the way from
    // forgetting the connection. By itself the system would ask after two hours.
    private static void KeepAlive(Socket control)
    {
        control.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        control.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, NetworkLimits.RelaySilenceSeconds);
        control.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, NetworkLimits.RelayQuestionSeconds);
        control.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, NetworkLimits.MaxRelayQuestions);
    }

    private static string NameOf(EndPoint target) => target is DnsEndPoint host ? $"{host.Host}:{host.Port}" : target.ToString()!;

    private async ValueTask<Socket> OpenAsync(ProxyHandshake handshake, string target, CancellationToken cancellationToken)
    {
        Socket socket = await ReachAsync(cancellationToken).ConfigureAwait(false);
        Socket? unclaimed = socket;
        try
        {
            await RunAsync(socket, handshake, cancellationToken).ConfigureAwait(false);
            if (handshake.Next == ProxyStep.Failed)
                throw new ProxyException(ErrorOf(handshake.Failure), $"the proxy {proxy} {handshake.Words} (for {target})");
            unclaimed = null;
            return socket;
        }
        catch (SocketException e) when (e is not ProxyException)
        {
            throw new ProxyException(e.SocketErrorCode, $"the proxy {proxy} broke the connection (for {target})");
        }
        finally
        {
            unclaimed?.Dispose();
        }
    }

    private async ValueTask<Socket> ReachAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _hosts.ConnectAsync(proxy.Host, proxy.Port, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException e)
        {
            throw new ProxyException(e.SocketErrorCode, $"the proxy {proxy} cannot be reached: {e.Message.TrimEnd('.')}");
        }
    }

    private static async ValueTask RunAsync(Socket socket, ProxyHandshake handshake, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[512];
        while (handshake.Next is ProxyStep.Send or ProxyStep.Receive)
        {
            if (handshake.Next == ProxyStep.Send)
            {
                ReadOnlyMemory<byte> output = handshake.Output;
                while (!output.IsEmpty)
                    output = output[await socket.SendAsync(output, cancellationToken).ConfigureAwait(false)..];
                handshake.OnSent();
                continue;
            }

            // Peeked first, and then consumed only as far as the proxy's answer goes: what follows belongs to the target.
            int seen = await socket.ReceiveAsync(buffer, SocketFlags.Peek, cancellationToken).ConfigureAwait(false);
            if (seen == 0)
                throw new SocketException((int)SocketError.ConnectionReset);
            int taken = handshake.OnReceived(buffer.AsSpan(0, seen));
            while (taken > 0)
                taken -= await socket.ReceiveAsync(buffer.AsMemory(0, taken), cancellationToken).ConfigureAwait(false);
        }
    }

    private static SocketError ErrorOf(ProxyFailure failure) => failure switch
    {
        ProxyFailure.Refused => SocketError.ConnectionRefused,
        ProxyFailure.TimedOut => SocketError.TimedOut,
        ProxyFailure.Unreachable => SocketError.HostUnreachable,
        ProxyFailure.Unsupported => SocketError.OperationNotSupported,
        _ => SocketError.AccessDenied,
    };
}

using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>Connects over uTP, from the session's UDP port.</summary>
internal sealed class UtpConnector(NetworkBinding binding, Func<UtpProtocol?> protocol, TimeProvider time) : IConnector
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(ConnectionLimits.ConnectTimeoutSeconds);

    public PeerTransport Transport => PeerTransport.Utp;

    public async ValueTask<ITransport> ConnectAsync(EndPoint target, CancellationToken cancellationToken)
    {
        if (protocol() is not { } utp)
            throw new SocketException((int)SocketError.NetworkDown, "The UDP port is not open.");
        if (utp.Trouble is { } trouble)
            throw new SocketException((int)SocketError.NetworkDown, trouble);
        IPEndPoint address = await AddressOfAsync(target, cancellationToken).ConfigureAwait(false);
        if (!binding.Allows(address.AddressFamily))
            throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        UtpTransport transport = utp.Connect(address);
        try
        {
            await transport.Connected.WaitAsync(Patience, time, cancellationToken).ConfigureAwait(false);
            return transport;
        }
        catch (Exception e)
        {
            transport.Reset();
            if (e is TimeoutException)
                throw new SocketException((int)SocketError.TimedOut);
            throw;
        }
    }

    private async ValueTask<IPEndPoint> AddressOfAsync(EndPoint target, CancellationToken cancellationToken)
    {
        switch (target)
        {
            case IPEndPoint address:
                return address;
            case DnsEndPoint host:
                (IPAddress[] addresses, string? failure) = await binding.ResolveAsync(host.Host, cancellationToken).ConfigureAwait(false);
                return failure is null
                    ? new IPEndPoint(addresses[0], host.Port)
                    : throw new SocketException((int)SocketError.HostNotFound, failure);
            default:
                throw new SocketException((int)SocketError.AddressFamilyNotSupported);
        }
    }
}

using System.Net;
using System.Net.Sockets;

namespace Freshet.Discovery;

/// <summary>
/// Connects to a host's addresses in turn, from the bind address if there is one. Then it fails closed: a connection from any
/// other address would show people where they did not want to be seen.
/// </summary>
internal sealed class BoundConnector(IPAddress? bindAddress, TimeSpan patience)
{
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = await ResolveAsync(context.DnsEndPoint.Host, cancellationToken).ConfigureAwait(false);
        SocketException? last = null;
        for (int i = 0; i < addresses.Length; i++)
        {
            // One that does not answer leaves half of the time to the others.
            using CancellationTokenSource turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (i < addresses.Length - 1)
                turn.CancelAfter(patience / 2 / addresses.Length);
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], context.DnsEndPoint.Port), turn.Token).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                last = e;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                last = new SocketException((int)SocketError.TimedOut);
            }
        }

        throw last ?? new SocketException((int)SocketError.AddressFamilyNotSupported);
    }

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        AddressFamily family = bindAddress?.AddressFamily ?? AddressFamily.Unspecified;
        if (!IPAddress.TryParse(host, out IPAddress? literal))
            return await Dns.GetHostAddressesAsync(host, family, cancellationToken).ConfigureAwait(false);
        return family == AddressFamily.Unspecified || family == literal.AddressFamily ? [literal] : [];
    }

    private async Task<Stream> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = new(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (bindAddress is not null)
                socket.Bind(new IPEndPoint(bindAddress, 0));
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

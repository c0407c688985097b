using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.Trackers;

namespace Freshet.Discovery;

/// <summary>
/// Connects to a host's addresses of one family, or of any, in turn; from the bind address if there is one. Then it fails closed: a
/// connection from any other address would show people where they did not want to be seen. A host without an address that may be
/// tried is <see cref="SocketError.AddressFamilyNotSupported"/>, one with addresses out of reach a <see cref="ForbiddenAddressException"/>.
/// </summary>
internal sealed class BoundConnector(IPAddress? bindAddress, TimeSpan patience)
{
    /// <summary>The family to connect over, or <see cref="AddressFamily.Unspecified"/> for any.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>Which addresses may be connected to.</summary>
    public AddressReach Reach { get; init; } = AddressReach.Everywhere;

    /// <summary>How names become addresses.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = Dns.GetHostAddressesAsync;

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
        // Asked for one family only, the system says of a name without such addresses that there is no such name.
        IPAddress[] addresses = IPAddress.TryParse(host, out IPAddress? literal)
            ? [literal]
            : await Resolve(host, cancellationToken).ConfigureAwait(false);
        IPAddress[] within = Array.FindAll(addresses, address => Reach.Includes(AddressScopes.Of(address)));
        if (within.Length == 0 && addresses.Length > 0)
            throw new ForbiddenAddressException(addresses[0]);
        return Array.FindAll(within, address => Fits(address, Family) && Fits(address, bindAddress?.AddressFamily ?? AddressFamily.Unspecified));
    }

    private static bool Fits(IPAddress address, AddressFamily wanted) => wanted is AddressFamily.Unspecified || wanted == address.AddressFamily;

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

using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>Connects to a host over TCP: to its addresses of one family, or of any, in turn, from the binding's address.</summary>
/// <param name="binding">Opens the sockets.</param>
/// <param name="patience">The time limit for all of the host's addresses together; enforced by the caller through cancellation.</param>
internal sealed class HostDialer(NetworkBinding binding, TimeSpan patience)
{
    /// <summary>The family to connect over, or <see cref="AddressFamily.Unspecified"/> for any.</summary>
    public AddressFamily Family { get; init; } = AddressFamily.Unspecified;

    /// <summary>Connects to the first of a host's addresses that answers.</summary>
    /// <exception cref="SocketException">
    /// None does. A host without an address that may be tried is <see cref="SocketError.AddressFamilyNotSupported"/>.
    /// </exception>
    public async ValueTask<Socket> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        // Asked for one family only, the system reports a name without such addresses as unknown.
        IPAddress[] addresses = await binding.Names.ResolveAsync(host, cancellationToken).ConfigureAwait(false);
        return await ConnectAsync(addresses, port, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Connects to the first of several addresses that answers.</summary>
    /// <exception cref="SocketException">None does; <see cref="SocketError.AddressFamilyNotSupported"/> if none may be tried.</exception>
    public async ValueTask<Socket> ConnectAsync(IPAddress[] addresses, int port, CancellationToken cancellationToken)
    {
        addresses = Array.FindAll(addresses, MayTry);
        SocketException? last = null;
        for (int i = 0; i < addresses.Length; i++)
        {
            // An address that does not answer leaves half of the time to the others.
            using CancellationTokenSource turn = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (i < addresses.Length - 1)
                turn.CancelAfter(patience / 2 / addresses.Length);
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], port), turn.Token).ConfigureAwait(false);
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

    /// <summary>Connects to one address.</summary>
    public async ValueTask<Socket> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        if (binding.Filter.IsBlocked(endPoint))
            throw new SocketException((int)SocketError.AccessDenied);
        Socket socket = binding.OpenFor(endPoint.Address, SocketType.Stream);
        try
        {
            socket.NoDelay = true;
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private bool MayTry(IPAddress address) =>
        binding.Allows(address.AddressFamily) && (Family == AddressFamily.Unspecified || Family == address.AddressFamily);
}

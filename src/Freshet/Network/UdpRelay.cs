using System.Net;
using System.Net.Sockets;
using Freshet.Core.Wire.Proxies;

namespace Freshet.Network;

/// <summary>
/// A SOCKS5 proxy's UDP relay, which exists as long as the connection by which it was requested (RFC 1928, section 7). Datagrams from
/// elsewhere are ignored.
/// </summary>
/// <param name="control">The connection by which it was requested.</param>
/// <param name="endPoint">The relay's endpoint.</param>
/// <param name="names">The hosts whose names the proxy resolves.</param>
internal sealed class UdpRelay(Socket control, IPEndPoint endPoint, RelayedNames names) : IDisposable
{
    private readonly UdpAddress _address = UdpAddress.From(endPoint);

    /// <summary>The relay's address.</summary>
    public IPAddress Address { get; } = endPoint.Address;

    /// <summary>Queues a datagram for a target behind the proxy; false if there is no room, or nobody knows the target.</summary>
    public bool TryAdd(DatagramQueue queue, ReadOnlySpan<byte> datagram, UdpAddress target, bool dontFragment)
    {
        Span<byte> header = stackalloc byte[Socks5Datagram.MaxHeader];
        int length;
        if (target.StandInNumber == 0)
        {
            Span<byte> address = stackalloc byte[16];
            length = Socks5Datagram.WriteHeader(header, address[..target.WriteAddress(address)], target.Port);
        }
        else if (names.HostOf(target) is { } host)
        {
            length = Socks5Datagram.WriteHeader(header, host);
        }
        else
        {
            return false;
        }

        return queue.TryAdd(header[..length], datagram, _address, source: null, dontFragment);
    }

    /// <summary>Takes a datagram apart that has come; false if it is not the proxy's, or not what one is like.</summary>
    public bool TryRead(ref ReadOnlySpan<byte> datagram, ref UdpAddress sender)
    {
        if (sender != _address
            || !Socks5Datagram.TryRead(
                datagram, out bool isName, out ReadOnlySpan<byte> from, out ushort port, out ReadOnlySpan<byte> payload))
            return false;
        datagram = payload;
        if (!isName)
            sender = UdpAddress.From(from, port);
        else if (names.Known(from) is { } address)
            sender = UdpAddress.From(new IPEndPoint(address, port));
        else
            return false;
        return true;
    }

    /// <summary>Ends when the proxy relays no more.</summary>
    public async Task RunAsync()
    {
        byte[] buffer = new byte[1];
        try
        {
            while (await control.ReceiveAsync(buffer).ConfigureAwait(false) > 0)
            {
                // It has nothing to say.
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // As good as closed.
        }
    }

    public void Dispose() => control.Dispose();
}

using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Wire.Proxies;

/// <summary>The header that SOCKS5 puts before a datagram: two zeros, the fragment number, the address (RFC 1928, section 7).</summary>
internal static class Socks5Datagram
{
    /// <summary>The longest header in bytes, which contains a host name.</summary>
    public const int MaxHeader = Head + Socks5Address.MaxLength;

    /// <summary>The length of a header with an IPv6 address, the longest IP address, in bytes.</summary>
    public const int AddressHeader = Head + 1 + 16 + 2;

    private const int Head = 3;

    /// <summary>Writes the header of a datagram for an address of 4 or 16 bytes; returns its length.</summary>
    public static int WriteHeader(Span<byte> buffer, ReadOnlySpan<byte> address, ushort port)
    {
        buffer[..Head].Clear();
        return Head + Socks5Address.Write(buffer[Head..], address, port);
    }

    /// <summary>Writes the header of a datagram to a host whose name the proxy resolves; returns its length.</summary>
    public static int WriteHeader(Span<byte> buffer, DnsEndPoint target)
    {
        buffer[..Head].Clear();
        return Head + Socks5Address.Write(buffer[Head..], target);
    }

    /// <summary>
    /// Parses a datagram from the relay. Fragments are not reassembled, which the RFC leaves optional.
    /// </summary>
    /// <param name="datagram">The received datagram.</param>
    /// <param name="isName">Whether the sender is told by the name of its host, as some proxies do if they were sent that.</param>
    /// <param name="sender">The sender's address, 4 or 16 bytes, or the name of its host.</param>
    /// <param name="port">The sender's port.</param>
    /// <param name="payload">The payload.</param>
    public static bool TryRead(
        ReadOnlySpan<byte> datagram,
        out bool isName,
        out ReadOnlySpan<byte> sender,
        out ushort port,
        out ReadOnlySpan<byte> payload)
    {
        sender = payload = default;
        port = 0;
        isName = false;
        if (datagram.Length < Head + 2 || datagram[2] != 0)
            return false;
        int length = Socks5Address.LengthOf(datagram[Head..]);
        int end = Head + length;
        if (length == 0 || datagram.Length < end)
            return false;
        isName = datagram[Head] == Socks5Address.Name;
        sender = datagram[(Head + (isName ? 2 : 1))..(end - 2)];
        port = BinaryPrimitives.ReadUInt16BigEndian(datagram[(end - 2)..]);
        payload = datagram[end..];
        return true;
    }
}

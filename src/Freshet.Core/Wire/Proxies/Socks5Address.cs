using System.Buffers.Binary;
using System.Net;
using System.Text;

namespace Freshet.Core.Wire.Proxies;

/// <summary>The address format of SOCKS5: ATYP, address, port (RFC 1928, sections 4, 5 and 7).</summary>
internal static class Socks5Address
{
    public const byte V4 = 1;
    public const byte Name = 3;
    public const byte V6 = 4;

    /// <summary>The longest address in bytes, which is a host name.</summary>
    public const int MaxLength = 1 + 1 + ProxyLimits.MaxText + 2;

    /// <summary>The total length of an address that starts with the given bytes; 0 if its type is unknown.</summary>
    /// <param name="begin">At least two bytes.</param>
    public static int LengthOf(ReadOnlySpan<byte> begin) => begin[0] switch
    {
        V4 => 1 + 4 + 2,
        Name => 1 + 1 + begin[1] + 2,
        V6 => 1 + 16 + 2,
        _ => 0,
    };

    /// <summary>Writes a target; returns the number of bytes.</summary>
    public static int Write(Span<byte> buffer, EndPoint target)
    {
        int length;
        int port;
        if (target is IPEndPoint { Address: var address } endPoint)
        {
            address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
            address.TryWriteBytes(buffer[1..], out int written);
            buffer[0] = written == 4 ? V4 : V6;
            (length, port) = (1 + written, endPoint.Port);
        }
        else
        {
            DnsEndPoint host = (DnsEndPoint)target;
            int written = Encoding.ASCII.GetBytes(host.Host, buffer[2..]);
            (buffer[0], buffer[1]) = (Name, checked((byte)written));
            (length, port) = (2 + written, host.Port);
        }

        BinaryPrimitives.WriteUInt16BigEndian(buffer[length..], (ushort)port);
        return length + 2;
    }

    /// <summary>Writes an address of 4 or 16 bytes, without allocating; returns the number of bytes.</summary>
    public static int Write(Span<byte> buffer, ReadOnlySpan<byte> address, ushort port)
    {
        buffer[0] = address.Length == 4 ? V4 : V6;
        address.CopyTo(buffer[1..]);
        BinaryPrimitives.WriteUInt16BigEndian(buffer[(1 + address.Length)..], port);
        return 1 + address.Length + 2;
    }

    /// <summary>Parses a complete address; a host name becomes the address 0.0.0.0.</summary>
    public static IPEndPoint Read(ReadOnlySpan<byte> whole) => new(
        whole[0] == Name ? IPAddress.Any : new IPAddress(whole[1..^2]), BinaryPrimitives.ReadUInt16BigEndian(whole[^2..]));
}

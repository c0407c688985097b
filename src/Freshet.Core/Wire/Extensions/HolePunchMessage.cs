using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Wire.Extensions;

/// <summary>A message of <c>ut_holepunch</c> (BEP 55).</summary>
/// <remarks>
/// <code>
/// kind: 1 byte, address type: 1 byte (0 for IPv4, 1 for IPv6), address: 4 or 16 bytes, port: 2 bytes, error: 4 bytes
/// </code>
/// All big-endian. libtorrent leaves the error out where there is none.
/// </remarks>
/// <param name="Kind">What it says.</param>
/// <param name="EndPoint">The peer that it is about.</param>
/// <param name="Error">Why it cannot be done. A relay may give reasons that we have no name for.</param>
internal readonly record struct HolePunchMessage(HolePunchKind Kind, IPEndPoint EndPoint, HolePunchError Error = HolePunchError.None)
{
    /// <summary>Bytes of the longest message.</summary>
    public const int MaxLength = HeadLength + V6Length + PortLength + ErrorLength;

    private const int HeadLength = 2;
    private const int V4Length = 4;
    private const int V6Length = 16;
    private const int PortLength = 2;
    private const int ErrorLength = 4;

    /// <summary>Reads a payload; false if it is no such message, or of a kind or a family that we do not know.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, out HolePunchMessage message)
    {
        message = default;
        if (payload.Length < HeadLength || payload[0] > (byte)HolePunchKind.Error || payload[1] > 1)
            return false;
        int length = payload[1] == 0 ? V4Length : V6Length;
        ReadOnlySpan<byte> rest = payload[HeadLength..];
        if (rest.Length < length + PortLength)
            return false;
        IPAddress address = new(rest[..length]);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        rest = rest[length..];
        int port = BinaryPrimitives.ReadUInt16BigEndian(rest);
        rest = rest[PortLength..];
        uint error = rest.Length < ErrorLength ? 0 : BinaryPrimitives.ReadUInt32BigEndian(rest);
        message = new HolePunchMessage((HolePunchKind)payload[0], new IPEndPoint(address, port), (HolePunchError)error);
        return true;
    }

    /// <summary>Writes the payload.</summary>
    public byte[] ToArray()
    {
        bool isV4 = EndPoint.Address.MapToIPv6().IsIPv4MappedToIPv6;
        byte[] address = (isV4 ? EndPoint.Address.MapToIPv4() : EndPoint.Address).GetAddressBytes();
        byte[] payload = new byte[HeadLength + address.Length + PortLength + ErrorLength];
        payload[0] = (byte)Kind;
        payload[1] = isV4 ? (byte)0 : (byte)1;
        address.CopyTo(payload, HeadLength);
        BinaryPrimitives.WriteUInt16BigEndian(payload.AsSpan(HeadLength + address.Length), (ushort)EndPoint.Port);
        BinaryPrimitives.WriteUInt32BigEndian(payload.AsSpan(HeadLength + address.Length + PortLength), (uint)Error);
        return payload;
    }
}

using System.Runtime.InteropServices;

namespace Freshet.Network;

/// <summary>
/// The control messages of a datagram (<c>cmsg</c>, on 64-bit systems): the length of merged ones, and the address of ours that they came
/// to or leave by.
/// </summary>
internal static class ControlMessages
{
    /// <summary>Room for all that are used together.</summary>
    public const int Size = 64;

    private const int HeaderLength = 16;
    private const int PacketInfoLength = 12;
    private const int PacketInfoV6Length = 20;

    /// <summary>Reads what the kernel says of a datagram.</summary>
    /// <param name="control">What it wrote.</param>
    /// <param name="segment">The length of each of the merged datagrams; 0 if they are not merged.</param>
    /// <param name="own">The address of ours that it was sent to; null if unknown, or if it is a group's.</param>
    public static void Read(ReadOnlySpan<byte> control, out int segment, out UdpAddress? own)
    {
        (segment, own) = (0, null);
        while (control.Length >= HeaderLength)
        {
            ulong length = MemoryMarshal.Read<ulong>(control);
            if (length < HeaderLength || length > (ulong)control.Length)
                return;
            ReadOnlySpan<byte> data = control[HeaderLength..(int)length];
            switch (MemoryMarshal.Read<int>(control[8..]), MemoryMarshal.Read<int>(control[12..]))
            {
                case (Native.Udp, Native.UdpGro) when data.Length >= sizeof(int):
                    segment = MemoryMarshal.Read<int>(data);
                    break;

                // The interface, the local address, and the one in the header of the packet, which may be a broadcast.
                case (Native.IP, Native.PacketInfo) when data.Length >= PacketInfoLength:
                    own = UdpAddress.From(data.Slice(4, 4), 0);
                    break;
                case (Native.IPv6, Native.IPv6PacketInfo) when data.Length >= PacketInfoV6Length && data[0] != 0xFF:
                    own = UdpAddress.From(data[..16], 0);
                    break;
            }

            control = control[Math.Min(Aligned((int)length), control.Length)..];
        }
    }

    /// <summary>Writes the length of the datagrams that the kernel makes of one; returns how many bytes.</summary>
    public static int WriteSegment(Span<byte> control, int segment)
    {
        // The kernel wants a number of two bytes.
        Span<byte> data = WriteHeader(control, Native.Udp, Native.UdpSegment, sizeof(ushort));
        MemoryMarshal.Write(data, (ushort)segment);
        return Aligned(HeaderLength + sizeof(ushort));
    }

    /// <summary>Writes from which address of ours a datagram is sent; returns how many bytes.</summary>
    public static int WriteSource(Span<byte> control, UdpAddress own)
    {
        int length = own.IsV6 ? PacketInfoV6Length : PacketInfoLength;
        Span<byte> data = own.IsV6
            ? WriteHeader(control, Native.IPv6, Native.IPv6PacketInfo, length)
            : WriteHeader(control, Native.IP, Native.PacketInfo, length);

        // Without the interface, by which the route is chosen.
        data.Clear();
        own.WriteAddress(own.IsV6 ? data : data[4..]);
        return Aligned(HeaderLength + length);
    }

    private static Span<byte> WriteHeader(Span<byte> control, int level, int type, int length)
    {
        MemoryMarshal.Write(control, (ulong)(HeaderLength + length));
        MemoryMarshal.Write(control[8..], level);
        MemoryMarshal.Write(control[12..], type);
        return control.Slice(HeaderLength, length);
    }

    private static int Aligned(int length) => (length + 7) & ~7;
}

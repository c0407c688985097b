using System.Buffers.Binary;
using System.Net;

namespace Freshet.Core.Peers;

/// <summary>A range of addresses of one family, both ends included.</summary>
/// <param name="First">The first address, as a number.</param>
/// <param name="Last">The last address, as a number; not smaller than the first.</param>
/// <param name="IsV6">Whether the addresses are IPv6.</param>
internal readonly record struct AddressRange(UInt128 First, UInt128 Last, bool IsV6)
{
    /// <summary>Parses an address, <c>ADDRESS/BITS</c> or <c>FIRST-LAST</c>; IPv4 may have leading zeros, as in blocklists.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out AddressRange range)
    {
        range = default;
        text = text.Trim(" \t"u8);
        int slash = text.IndexOf((byte)'/');
        if (slash >= 0)
            return TryParseBlock(text[..slash], text[(slash + 1)..], out range);
        int dash = text.IndexOf((byte)'-');
        ReadOnlySpan<byte> last = dash < 0 ? text : text[(dash + 1)..];
        if (!TryParseAddress(dash < 0 ? text : text[..dash], out UInt128 from, out bool isV6)
            || !TryParseAddress(last, out UInt128 to, out bool isLastV6) || isV6 != isLastV6 || from > to)
            return false;
        range = new AddressRange(from, to, isV6);
        return true;
    }

    private static bool TryParseBlock(ReadOnlySpan<byte> address, ReadOnlySpan<byte> bits, out AddressRange range)
    {
        range = default;
        if (!TryParseAddress(address, out UInt128 within, out bool isV6) || !TryParseNumber(bits, isV6 ? 128 : 32, out int prefix))
            return false;
        int rest = (isV6 ? 128 : 32) - prefix;

        // A shift by all 128 bits would do nothing.
        UInt128 inner = rest == 128 ? UInt128.MaxValue : (UInt128.One << rest) - 1;
        range = new AddressRange(within & ~inner, within | inner, isV6);
        return true;
    }

    private static bool TryParseAddress(ReadOnlySpan<byte> text, out UInt128 address, out bool isV6)
    {
        text = text.Trim(" \t"u8);
        address = default;
        isV6 = text.Contains((byte)':');
        if (!isV6)
        {
            bool isV4 = TryParseV4(text, out uint v4);
            address = v4;
            return isV4;
        }

        // A scope ID has no meaning in a list, and is not part of the address.
        Span<byte> bytes = stackalloc byte[16];
        if (text.Contains((byte)'%') || !IPAddress.TryParse(text, out IPAddress? parsed)
            || !parsed.TryWriteBytes(bytes, out int length) || length != bytes.Length)
            return false;
        address = BinaryPrimitives.ReadUInt128BigEndian(bytes);

        // IPv4-mapped addresses count as IPv4.
        if (address >> 32 == 0xFFFF)
            (address, isV6) = (address & uint.MaxValue, false);
        return true;
    }

    private static bool TryParseV4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (int part = 0; part < 4; part++)
        {
            int dot = part < 3 ? text.IndexOf((byte)'.') : text.Length;
            if (dot < 0 || !TryParseNumber(text[..dot], 255, out int value))
                return false;
            address = (address << 8) | (uint)value;
            text = part < 3 ? text[(dot + 1)..] : default;
        }

        return true;
    }

    // Always decimal, even with leading zeros; no sign, at most three digits.
    private static bool TryParseNumber(ReadOnlySpan<byte> digits, int most, out int value)
    {
        value = 0;
        if (digits.Length is 0 or > 3 || digits.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        foreach (byte digit in digits)
            value = (value * 10) + (digit - '0');
        return value <= most;
    }
}

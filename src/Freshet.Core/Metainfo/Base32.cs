namespace Freshet.Core.Metainfo;

/// <summary>Base 32 (RFC 4648, section 6), the encoding of info-hashes in old magnet links.</summary>
internal static class Base32
{
    /// <summary>Decodes text without padding, in either case, that fills the bytes exactly.</summary>
    public static bool TryDecode(ReadOnlySpan<char> text, Span<byte> bytes)
    {
        if (text.Length * 5 != bytes.Length * 8)
            return false;
        int bits = 0;
        int held = 0;
        int written = 0;
        foreach (char c in text)
        {
            int digit = c switch
            {
                >= 'A' and <= 'Z' => c - 'A',
                >= 'a' and <= 'z' => c - 'a',
                >= '2' and <= '7' => c - '2' + 26,
                _ => -1,
            };
            if (digit < 0)
                return false;
            bits = ((bits << 5) | digit) & 0xFFF;
            held += 5;
            if (held < 8)
                continue;
            held -= 8;
            bytes[written++] = (byte)(bits >> held);
        }

        return true;
    }
}

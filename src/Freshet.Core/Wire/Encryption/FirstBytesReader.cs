namespace Freshet.Core.Wire.Encryption;

/// <summary>
/// Distinguishes an encrypted handshake, which starts with random bytes, from a plain one, whose first twenty bytes are known: usually by
/// the first byte, and by the twentieth at the latest.
/// </summary>
internal static class FirstBytesReader
{
    public static FirstBytes Recognize(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<byte> plain = Handshake.Protocol;
        int common = Math.Min(bytes.Length, plain.Length);
        if (!bytes[..common].SequenceEqual(plain[..common]))
            return FirstBytes.Encrypted;
        return common == plain.Length ? FirstBytes.Plain : FirstBytes.Undecided;
    }
}

namespace Freshet.Core.Wire.Encryption;

/// <summary>
/// Tells an encrypted handshake, which begins with random bytes, from a plain one, whose first twenty are known: at the first byte mostly,
/// at the twentieth at the latest.
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

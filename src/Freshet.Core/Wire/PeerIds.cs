namespace Freshet.Core.Wire;

/// <summary>Creates our own peer ids (BEP 20, Azureus style).</summary>
internal static class PeerIds
{
    /// <summary>
    /// FR is neither in BEP 20's list nor in the longer lists that clients maintain; it is followed by major, minor, patch, 0.
    /// </summary>
    private static ReadOnlySpan<byte> Prefix => "-FR0100-"u8;

    private static ReadOnlySpan<byte> Alphabet => "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8;

    /// <summary>Creates an id: the prefix, then 12 random letters and digits, which need no escaping in an announce.</summary>
    public static PeerId Create(Random random)
    {
        Span<byte> bytes = stackalloc byte[PeerId.Length];
        Prefix.CopyTo(bytes);
        random.GetItems(Alphabet, bytes[Prefix.Length..]);
        return new PeerId(bytes);
    }
}

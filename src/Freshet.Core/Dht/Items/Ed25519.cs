using System.Security.Cryptography;

namespace Freshet.Core.Dht.Items;

/// <summary>
/// Ed25519 signatures (RFC 8032), as mutable items require them (BEP 44). Operations on secrets take constant time. Implemented here
/// because .NET has no Ed25519 of its own and no library for it is available.
/// </summary>
internal static class Ed25519
{
    public const int SeedLength = 32;
    public const int PublicKeyLength = 32;
    public const int SignatureLength = 64;

    /// <summary>The length of an expanded secret key: the scalar, and the prefix with which messages are hashed.</summary>
    public const int ExpandedKeyLength = 64;

    /// <summary>Computes the expanded key of a seed (RFC 8032, section 5.1.5).</summary>
    public static void Expand(ReadOnlySpan<byte> seed, Span<byte> expanded)
    {
        SHA512.HashData(seed[..SeedLength], expanded);
        expanded[0] &= 0xF8;
        expanded[31] &= 0x7F;
        expanded[31] |= 0x40;
    }

    public static void PublicKeyOf(ReadOnlySpan<byte> expanded, Span<byte> publicKey) =>
        CurvePoint.Base.Times(expanded[..32]).Write(publicKey);

    /// <summary>Signs a message (RFC 8032, section 5.1.6).</summary>
    public static void Sign(ReadOnlySpan<byte> expanded, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        Span<byte> publicKey = stackalloc byte[PublicKeyLength];
        Span<byte> nonce = stackalloc byte[32];
        Span<byte> challenge = stackalloc byte[32];
        PublicKeyOf(expanded, publicKey);
        HashToScalar(expanded[32..64], [], message, nonce);
        CurvePoint.Base.Times(nonce).Write(signature[..32]);
        HashToScalar(signature[..32], publicKey, message, challenge);
        GroupScalar.MultiplyAdd(challenge, expanded[..32], nonce, signature[32..64]);
        CryptographicOperations.ZeroMemory(nonce);
    }

    /// <summary>Verifies a signature (RFC 8032, section 5.1.7). A signature with a scalar that is not reduced is invalid.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeyLength || signature.Length != SignatureLength
            || !GroupScalar.IsReduced(signature[32..]) || !CurvePoint.TryRead(publicKey, out CurvePoint key))
            return false;
        Span<byte> challenge = stackalloc byte[32];
        Span<byte> expected = stackalloc byte[32];
        HashToScalar(signature[..32], publicKey, message, challenge);
        CurvePoint sum = CurvePoint.Base.Times(signature[32..]) + (-key).Times(challenge);
        sum.Write(expected);
        return expected.SequenceEqual(signature[..32]);
    }

    private static void HashToScalar(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, ReadOnlySpan<byte> message, Span<byte> scalar)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA512);
        Span<byte> wide = stackalloc byte[SHA512.HashSizeInBytes];
        hash.AppendData(first);
        hash.AppendData(second);
        hash.AppendData(message);
        hash.GetHashAndReset(wide);
        GroupScalar.Reduce(wide, scalar);
        CryptographicOperations.ZeroMemory(wide);
    }
}

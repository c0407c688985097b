using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;

namespace Freshet.Core.Wire.Encryption;

/// <summary>
/// The key agreement of message stream encryption: the 768-bit prime of RFC 2409 (section 6.1) and the generator 2. Each call takes about a
/// millisecond of CPU time, so it must not run on a loop that others wait for.
/// </summary>
internal static class DiffieHellman
{
    /// <summary>The length of a public key and of a shared secret in bytes, big-endian.</summary>
    public const int KeyLength = 96;

    /// <summary>The length of a private key in bytes, all random: 160 bits, as in the specification.</summary>
    public const int PrivateKeyLength = 20;

    private static readonly BigInteger Prime = BigInteger.Parse(
        "0FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DD"
        + "EF9519B3CD3A431B302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A63A36210000000000090563",
        NumberStyles.HexNumber,
        CultureInfo.InvariantCulture);

    /// <summary>The public key, which is sent to the other side.</summary>
    public static byte[] PublicKeyOf(ReadOnlySpan<byte> privateKey) => ToBytes(BigInteger.ModPow(2, Read(privateKey), Prime));

    /// <summary>
    /// Computes the shared secret. False if the other side's key is degenerate: a sender of 0, 1 or the prime minus one knows the secret
    /// without any agreement, and a number that is not below the prime is not a valid key.
    /// </summary>
    public static bool TryAgree(ReadOnlySpan<byte> privateKey, ReadOnlySpan<byte> theirPublicKey, [NotNullWhen(true)] out byte[]? secret)
    {
        BigInteger theirs = Read(theirPublicKey);
        bool isGood = theirPublicKey.Length == KeyLength && theirs > BigInteger.One && theirs < Prime - 1;
        secret = isGood ? ToBytes(BigInteger.ModPow(theirs, Read(privateKey), Prime)) : null;
        return isGood;
    }

    private static BigInteger Read(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static byte[] ToBytes(BigInteger number)
    {
        byte[] bytes = new byte[KeyLength];
        int length = number.GetByteCount(isUnsigned: true);
        number.TryWriteBytes(bytes.AsSpan(KeyLength - length), out _, isUnsigned: true, isBigEndian: true);
        return bytes;
    }
}

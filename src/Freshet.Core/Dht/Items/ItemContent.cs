using System.Security.Cryptography;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Dht.Items;

/// <summary>
/// An item that nodes store for others (BEP 44): a bencoded value. The target of an immutable item is the hash of its value; that of a
/// mutable item is the hash of its public key and salt. The record itself is immutable.
/// </summary>
/// <param name="Value">The bencoded value, at most <see cref="MaxValueLength"/> bytes.</param>
/// <param name="Key">The public key of a mutable item; empty for an immutable one.</param>
/// <param name="Salt">Distinguishes several items with the same key.</param>
/// <param name="Sequence">Increases with every change.</param>
/// <param name="Signature">The signature of salt, sequence number and value.</param>
internal sealed record ItemContent(
    ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Salt, long Sequence, ReadOnlyMemory<byte> Signature)
{
    public const int MaxValueLength = 1_000;
    public const int MaxSaltLength = 64;

    // In addition to the value: two names and two numbers.
    private const int MaxSignedLength = MaxValueLength + MaxSaltLength + 64;

    public bool IsMutable => !Key.IsEmpty;

    /// <summary>Creates an immutable item.</summary>
    public static ItemContent Of(ReadOnlyMemory<byte> value) => new(value, default, default, 0, default);

    /// <summary>Creates and signs a mutable item.</summary>
    /// <param name="secret">The expanded key (<see cref="Ed25519.Expand"/>).</param>
    /// <param name="salt">Distinguishes the item from others with the same key; usually empty.</param>
    /// <param name="sequence">The sequence number, higher than that of the item it replaces.</param>
    /// <param name="value">The bencoded value.</param>
    public static ItemContent Sign(ReadOnlySpan<byte> secret, ReadOnlyMemory<byte> salt, long sequence, ReadOnlyMemory<byte> value)
    {
        byte[] key = new byte[Ed25519.PublicKeyLength];
        byte[] signature = new byte[Ed25519.SignatureLength];
        Span<byte> signed = stackalloc byte[MaxSignedLength];
        Ed25519.PublicKeyOf(secret, key);
        Ed25519.Sign(secret, signed[..WriteSigned(salt.Span, sequence, value.Span, signed)], signature);
        return new ItemContent(value, key, salt, sequence, signature);
    }

    /// <summary>The target of an immutable item.</summary>
    public static NodeId TargetOf(ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[NodeId.Length];
        SHA1.HashData(value, hash);
        return new NodeId(hash);
    }

    /// <summary>The target of a mutable item.</summary>
    public static NodeId TargetOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        Span<byte> hashed = stackalloc byte[Ed25519.PublicKeyLength + MaxSaltLength];
        key.CopyTo(hashed);
        salt.CopyTo(hashed[key.Length..]);
        return TargetOf(hashed[..(key.Length + salt.Length)]);
    }

    /// <summary>Whether a value may be stored: a single bencoded value in canonical form, no longer than allowed.</summary>
    public static bool IsValue(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > MaxValueLength)
            return false;
        BencodeReader reader = new(value);
        while (reader.Read())
        {
        }

        return reader.Error.Kind == BencodeErrorKind.None;
    }

    public static bool IsSigned(
        ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt, long sequence, ReadOnlySpan<byte> value, ReadOnlySpan<byte> signature)
    {
        Span<byte> signed = stackalloc byte[MaxSignedLength];
        return salt.Length <= MaxSaltLength && value.Length <= MaxValueLength
            && Ed25519.Verify(key, signed[..WriteSigned(salt, sequence, value, signed)], signature);
    }

    /// <summary>Writes the signed data (BEP 44): the members of a dictionary without its delimiters.</summary>
    /// <returns>The length of the data.</returns>
    internal static int WriteSigned(ReadOnlySpan<byte> salt, long sequence, ReadOnlySpan<byte> value, Span<byte> signed)
    {
        int length = 0;
        if (!salt.IsEmpty)
        {
            "4:salt"u8.CopyTo(signed);
            length = 6;
            salt.Length.TryFormat(signed[length..], out int digits, provider: System.Globalization.CultureInfo.InvariantCulture);
            length += digits;
            signed[length++] = (byte)':';
            salt.CopyTo(signed[length..]);
            length += salt.Length;
        }

        "3:seqi"u8.CopyTo(signed[length..]);
        length += 6;
        sequence.TryFormat(signed[length..], out int written, provider: System.Globalization.CultureInfo.InvariantCulture);
        length += written;
        "e1:v"u8.CopyTo(signed[length..]);
        length += 4;
        value.CopyTo(signed[length..]);
        return length + value.Length;
    }
}

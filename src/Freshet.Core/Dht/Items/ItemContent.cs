using System.Security.Cryptography;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Dht.Items;

/// <summary>
/// What nodes store for others beside peers (BEP 44): a bencoded value, found by its own hash, or, if it can change, by the hash of the key
/// that signs it and of a salt. Immutable.
/// </summary>
/// <param name="Value">Bencoded, at most <see cref="MaxValueLength"/> bytes.</param>
/// <param name="Key">The public key of one that can change; empty of one that cannot.</param>
/// <param name="Salt">Tells several items of one key apart.</param>
/// <param name="Sequence">Rises with every change.</param>
/// <param name="Signature">Of salt, sequence and value.</param>
internal sealed record ItemContent(
    ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Salt, long Sequence, ReadOnlyMemory<byte> Signature)
{
    public const int MaxValueLength = 1_000;
    public const int MaxSaltLength = 64;

    // Beyond the value: two names and two numbers.
    private const int MaxSignedLength = MaxValueLength + MaxSaltLength + 64;

    public bool IsMutable => !Key.IsEmpty;

    /// <summary>One that cannot change.</summary>
    public static ItemContent Of(ReadOnlyMemory<byte> value) => new(value, default, default, 0, default);

    /// <summary>One that can change, signed.</summary>
    /// <param name="secret">The expanded key (<see cref="Ed25519.Expand"/>).</param>
    /// <param name="salt">Tells it from other items of the key; mostly empty.</param>
    /// <param name="sequence">Higher than that of what it replaces.</param>
    /// <param name="value">Bencoded.</param>
    public static ItemContent Sign(ReadOnlySpan<byte> secret, ReadOnlyMemory<byte> salt, long sequence, ReadOnlyMemory<byte> value)
    {
        byte[] key = new byte[Ed25519.PublicKeyLength];
        byte[] signature = new byte[Ed25519.SignatureLength];
        Span<byte> signed = stackalloc byte[MaxSignedLength];
        Ed25519.PublicKeyOf(secret, key);
        Ed25519.Sign(secret, signed[..WriteSigned(salt.Span, sequence, value.Span, signed)], signature);
        return new ItemContent(value, key, salt, sequence, signature);
    }

    /// <summary>By what one that cannot change is found.</summary>
    public static NodeId TargetOf(ReadOnlySpan<byte> value)
    {
        Span<byte> hash = stackalloc byte[NodeId.Length];
        SHA1.HashData(value, hash);
        return new NodeId(hash);
    }

    /// <summary>By what one that can change is found.</summary>
    public static NodeId TargetOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        Span<byte> hashed = stackalloc byte[Ed25519.PublicKeyLength + MaxSaltLength];
        key.CopyTo(hashed);
        salt.CopyTo(hashed[key.Length..]);
        return TargetOf(hashed[..(key.Length + salt.Length)]);
    }

    /// <summary>Whether a value may be stored: one bencoded value in its canonical form, no longer than allowed.</summary>
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

    /// <summary>Writes what is signed (BEP 44): the members of a dictionary without its ends.</summary>
    /// <returns>How long it is.</returns>
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

using System.Security.Cryptography;
using Freshet.Core.Dht.Items;

namespace Freshet;

/// <summary>A key that signs items in the DHT which can change (BEP 44): Ed25519 (RFC 8032). Who has its seed can change them.</summary>
public sealed class DhtItemKey
{
    /// <summary>Bytes of a seed.</summary>
    public const int SeedLength = Ed25519.SeedLength;

    private readonly byte[] _expanded = new byte[Ed25519.ExpandedKeyLength];

    /// <param name="seed">The secret: 32 random bytes.</param>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public DhtItemKey(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedLength)
            throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        byte[] publicKey = new byte[Ed25519.PublicKeyLength];
        Ed25519.Expand(seed, _expanded);
        Ed25519.PublicKeyOf(_expanded, publicKey);
        PublicKey = publicKey;
    }

    /// <summary>By what others find its items: 32 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>A seed of random bytes, for a new key.</summary>
    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedLength);

    internal ItemContent Sign(ReadOnlyMemory<byte> salt, long sequence, ReadOnlyMemory<byte> value) =>
        ItemContent.Sign(_expanded, salt, sequence, value);
}

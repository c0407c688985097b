using System.Security.Cryptography;
using Freshet.Core.Dht.Items;

namespace Freshet;

/// <summary>
/// An Ed25519 key (RFC 8032) that signs mutable items in the DHT (BEP 44). Anyone who has its seed can change those items.
/// </summary>
public sealed class DhtItemKey
{
    /// <summary>The length of a seed in bytes.</summary>
    public const int SeedLength = Ed25519.SeedLength;

    private readonly byte[] _expanded = new byte[Ed25519.ExpandedKeyLength];

    /// <param name="seed">The secret seed: 32 random bytes.</param>
    /// <exception cref="ArgumentException">The seed is not 32 bytes long.</exception>
    public DhtItemKey(ReadOnlySpan<byte> seed)
    {
        if (seed.Length != SeedLength)
            throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        byte[] publicKey = new byte[Ed25519.PublicKeyLength];
        Ed25519.Expand(seed, _expanded);
        Ed25519.PublicKeyOf(_expanded, publicKey);
        PublicKey = publicKey;
    }

    /// <summary>The public key, by which others find the items: 32 bytes.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; }

    /// <summary>Creates a random seed for a new key.</summary>
    public static byte[] NewSeed() => RandomNumberGenerator.GetBytes(SeedLength);

    internal ItemContent Sign(ReadOnlyMemory<byte> salt, long sequence, ReadOnlyMemory<byte> value) =>
        ItemContent.Sign(_expanded, salt, sequence, value);
}

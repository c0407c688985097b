using Freshet.Core.Dht.Items;

namespace Freshet.Core.Tests.Dht.Items;

public class Ed25519Tests
{
    // RFC 8032, section 7.1: seed, public key, message, signature.
    [Theory]
    [InlineData(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b")]
    [InlineData(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")]
    [InlineData(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a")]
    public void The_vectors_of_the_specification_hold(string seed, string key, string message, string signature)
    {
        byte[] expanded = Expand(Convert.FromHexString(seed));
        Assert.Equal(key, Convert.ToHexStringLower(PublicKeyOf(expanded)));
        Assert.Equal(signature, Convert.ToHexStringLower(Sign(expanded, Convert.FromHexString(message))));
        Assert.True(Ed25519.Verify(Convert.FromHexString(key), Convert.FromHexString(message), Convert.FromHexString(signature)));
    }

    [Fact]
    public void Libcrypto_creates_the_same_keys_and_signatures()
    {
        Random random = new(1);
        for (int i = 0; i < 64; i++)
        {
            byte[] seed = new byte[Ed25519.SeedLength];
            byte[] message = new byte[random.Next(300)];
            random.NextBytes(seed);
            random.NextBytes(message);
            byte[] expanded = Expand(seed);
            Assert.Equal(LibcryptoEd25519.PublicKeyOf(seed), PublicKeyOf(expanded));
            Assert.Equal(LibcryptoEd25519.Sign(seed, message), Sign(expanded, message));
        }
    }

    [Fact]
    public void Libcrypto_refuses_the_same_when_any_byte_is_changed()
    {
        Random random = new(2);
        byte[] seed = new byte[Ed25519.SeedLength];
        random.NextBytes(seed);
        byte[] message = "Hello World!"u8.ToArray();
        byte[] key = PublicKeyOf(Expand(seed));
        byte[] signature = Sign(Expand(seed), message);
        foreach (byte[] part in (byte[][])[key, message, signature])
        {
            for (int i = 0; i < part.Length; i++)
            {
                byte changed = (byte)random.Next(1, 256);
                part[i] ^= changed;
                Assert.False(Ed25519.Verify(key, message, signature));
                Assert.False(LibcryptoEd25519.Verify(key, message, signature));
                part[i] ^= changed;
            }
        }

        Assert.True(Ed25519.Verify(key, message, signature));
    }

    // A signature whose number has the group order added to it satisfies the equation as well.
    [Fact]
    public void A_signature_whose_number_is_not_reduced_is_refused()
    {
        byte[] seed = new byte[Ed25519.SeedLength];
        byte[] message = "Hello World!"u8.ToArray();
        byte[] key = PublicKeyOf(Expand(seed));
        byte[] signature = Sign(Expand(seed), message);
        byte[] order = Convert.FromHexString("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
        int carry = 0;
        for (int i = 0; i < order.Length; i++)
        {
            carry += signature[32 + i] + order[i];
            signature[32 + i] = (byte)carry;
            carry >>= 8;
        }

        Assert.Equal(0, carry);
        Assert.False(Ed25519.Verify(key, message, signature));
        Assert.False(LibcryptoEd25519.Verify(key, message, signature));
    }

    [Theory]
    [InlineData("edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")] // y is the modulus
    [InlineData("0200000000000000000000000000000000000000000000000000000000000000")] // there is no such x
    [InlineData("0100000000000000000000000000000000000000000000000000000000000080")] // x is zero and negative
    public void Bytes_that_are_not_a_point_are_not_a_key(string key) =>
        Assert.False(Ed25519.Verify(Convert.FromHexString(key), default, new byte[Ed25519.SignatureLength]));

    private static byte[] Expand(byte[] seed)
    {
        byte[] expanded = new byte[Ed25519.ExpandedKeyLength];
        Ed25519.Expand(seed, expanded);
        return expanded;
    }

    private static byte[] PublicKeyOf(byte[] expanded)
    {
        byte[] key = new byte[Ed25519.PublicKeyLength];
        Ed25519.PublicKeyOf(expanded, key);
        return key;
    }

    private static byte[] Sign(byte[] expanded, byte[] message)
    {
        byte[] signature = new byte[Ed25519.SignatureLength];
        Ed25519.Sign(expanded, message, signature);
        return signature;
    }
}

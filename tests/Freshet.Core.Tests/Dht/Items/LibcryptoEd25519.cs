using System.Runtime.InteropServices;

namespace Freshet.Core.Tests.Dht.Items;

/// <summary>Ed25519 from the system's libcrypto, which ours is compared with.</summary>
internal static partial class LibcryptoEd25519
{
    private const string Library = "libcrypto.so.3";
    private const int Ed25519 = 1087;
    private const int KeyLength = 32;
    private const int SignatureLength = 64;

    public static byte[] PublicKeyOf(byte[] seed)
    {
        byte[] key = new byte[KeyLength];
        nint length = KeyLength;
        nint secret = Require(NewPrivateKey(Ed25519, 0, seed, seed.Length));
        int done = GetPublicKey(secret, key, ref length);
        FreeKey(secret);
        Assert.Equal(1, done);
        return key;
    }

    public static byte[] Sign(byte[] seed, byte[] message)
    {
        byte[] signature = new byte[SignatureLength];
        nint length = SignatureLength;
        nint secret = Require(NewPrivateKey(Ed25519, 0, seed, seed.Length));
        nint context = Require(NewContext());
        int begun = BeginSigning(context, 0, 0, 0, secret);
        int done = Sign(context, signature, ref length, message, message.Length);
        FreeContext(context);
        FreeKey(secret);
        Assert.Equal((1, 1), (begun, done));
        return signature;
    }

    public static bool Verify(byte[] key, byte[] message, byte[] signature)
    {
        nint known = NewPublicKey(Ed25519, 0, key, key.Length);
        if (known == 0)
            return false;
        nint context = Require(NewContext());
        bool isGood = BeginVerifying(context, 0, 0, 0, known) == 1
            && Verify(context, signature, signature.Length, message, message.Length) == 1;
        FreeContext(context);
        FreeKey(known);
        return isGood;
    }

    private static nint Require(nint handle)
    {
        Assert.NotEqual(0, handle);
        return handle;
    }

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_private_key")]
    private static partial nint NewPrivateKey(int type, nint engine, byte[] key, nint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_new_raw_public_key")]
    private static partial nint NewPublicKey(int type, nint engine, byte[] key, nint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_get_raw_public_key")]
    private static partial int GetPublicKey(nint secret, [Out] byte[] key, ref nint length);

    [LibraryImport(Library, EntryPoint = "EVP_PKEY_free")]
    private static partial void FreeKey(nint key);

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    private static partial nint NewContext();

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    private static partial void FreeContext(nint context);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSignInit")]
    private static partial int BeginSigning(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestSign")]
    private static partial int Sign(nint context, [Out] byte[] signature, ref nint signatureLength, byte[] message, nint length);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerifyInit")]
    private static partial int BeginVerifying(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library, EntryPoint = "EVP_DigestVerify")]
    private static partial int Verify(nint context, byte[] signature, nint signatureLength, byte[] message, nint length);
}

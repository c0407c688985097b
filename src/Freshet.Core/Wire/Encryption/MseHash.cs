using System.Security.Cryptography;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Wire.Encryption;

/// <summary>The hashes of the specification, all SHA-1; SKEY is the info-hash, S the shared secret.</summary>
internal static class MseHash
{
    public const int Length = SHA1.HashSizeInBytes;

    // RC4 leaks less about its key after this many bytes of the key stream.
    private const int SkippedKeyStream = 1_024;

    /// <summary>
    /// HASH('req2', SKEY): the responder finds the torrent by it, since the info-hash itself must not be visible to others.
    /// </summary>
    public static InfoHash OfTorrent(InfoHash torrent) => new(Of("req2"u8, torrent.ToArray()));

    /// <summary>HASH('req1', S): marks the end of the initiator's padding.</summary>
    public static byte[] OfSecret(byte[] secret) => Of("req1"u8, secret);

    /// <summary>HASH('req3', S): masks HASH('req2', SKEY).</summary>
    public static byte[] OfMask(byte[] secret) => Of("req3"u8, secret);

    /// <summary>The cipher with which the initiator encrypts and the responder decrypts.</summary>
    public static Rc4 InitiatorCipher(byte[] secret, InfoHash torrent) => Cipher("keyA"u8, secret, torrent);

    /// <summary>The cipher with which the responder encrypts and the initiator decrypts.</summary>
    public static Rc4 ResponderCipher(byte[] secret, InfoHash torrent) => Cipher("keyB"u8, secret, torrent);

    private static Rc4 Cipher(ReadOnlySpan<byte> name, byte[] secret, InfoHash torrent)
    {
        Rc4 cipher = new(Of(name, [.. secret, .. torrent.ToArray()]));
        cipher.Skip(SkippedKeyStream);
        return cipher;
    }

    private static byte[] Of(ReadOnlySpan<byte> name, ReadOnlySpan<byte> of) => SHA1.HashData([.. name, .. of]);
}

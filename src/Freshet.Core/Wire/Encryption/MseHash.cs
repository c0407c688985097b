using System.Security.Cryptography;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Wire.Encryption;

/// <summary>The hashes of the specification, all of them SHA-1; SKEY is the info-hash, S the shared secret.</summary>
internal static class MseHash
{
    public const int Length = SHA1.HashSizeInBytes;

    // After so many bytes of the key stream, RC4 tells less about its key.
    private const int SkippedKeyStream = 1_024;

    /// <summary>HASH('req2', SKEY): by this a responder finds the torrent, since it cannot be sent what would name it to others.</summary>
    public static InfoHash OfTorrent(InfoHash torrent) => new(Of("req2"u8, torrent.ToArray()));

    /// <summary>HASH('req1', S): where the initiator's pad ends.</summary>
    public static byte[] OfSecret(byte[] secret) => Of("req1"u8, secret);

    /// <summary>HASH('req3', S): what HASH('req2', SKEY) is hidden with.</summary>
    public static byte[] OfMask(byte[] secret) => Of("req3"u8, secret);

    /// <summary>What the initiator enciphers with and the responder deciphers with.</summary>
    public static Rc4 InitiatorCipher(byte[] secret, InfoHash torrent) => Cipher("keyA"u8, secret, torrent);

    /// <summary>What the responder enciphers with and the initiator deciphers with.</summary>
    public static Rc4 ResponderCipher(byte[] secret, InfoHash torrent) => Cipher("keyB"u8, secret, torrent);

    private static Rc4 Cipher(ReadOnlySpan<byte> name, byte[] secret, InfoHash torrent)
    {
        Rc4 cipher = new(Of(name, [.. secret, .. torrent.ToArray()]));
        cipher.Skip(SkippedKeyStream);
        return cipher;
    }

    private static byte[] Of(ReadOnlySpan<byte> name, ReadOnlySpan<byte> of) => SHA1.HashData([.. name, .. of]);
}

namespace Freshet.Core.Wire;

/// <summary>Bounds on messages between peers, apart from the blocks that they carry.</summary>
internal static class WireLimits
{
    /// <summary>
    /// The longest message in bytes that a row of the extension table may allow (BEP 10); a metadata piece with its header is 16.1 KiB.
    /// </summary>
    public const int MaxExtensionMessageLength = 128 * 1024;

    /// <summary>Peers accepted from one peer exchange message (BEP 11), which contains at most fifty after the first.</summary>
    public const int MaxExchangedPeers = 100;

    /// <summary>Bytes of an extension handshake (BEP 10); current clients send a few hundred.</summary>
    public const int MaxExtensionHandshakeLength = 16 * 1024;

    /// <summary>Bytes of a peer message of an unknown kind, which is skipped.</summary>
    public const int MaxUnknownMessageLength = 64 * 1024;

    /// <summary>Extensions recorded for one peer (BEP 10); current clients offer about ten.</summary>
    public const int MaxExtensionsPerPeer = 32;

    /// <summary>Bencoding tokens in an extension handshake (BEP 10).</summary>
    public const int MaxExtensionHandshakeTokens = 2_000;

    /// <summary>Characters of a client name or version sent by a peer (BEP 10); longer text is cut.</summary>
    public const int MaxPeerTextLength = 64;

    /// <summary>Bytes of a padding in message stream encryption.</summary>
    public const int MaxEncryptionPad = 512;

    /// <summary>Bytes buffered of an encrypted handshake: the longer side sends up to 1,176 before its initial payload.</summary>
    public const int EncryptionBuffer = 2 * 1024;
}

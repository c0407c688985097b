namespace Freshet.Core.Wire;

/// <summary>What bounds the messages between peers, beyond the blocks that they carry.</summary>
internal static class WireLimits
{
    /// <summary>
    /// Bytes that a row of the extension table may allow a message (BEP 10); a metadata block with its header is 16.1 KiB.
    /// </summary>
    public const int MaxExtensionMessageLength = 128 * 1024;

    /// <summary>Peers taken from one message of another peer (BEP 11), which has fifty at most after the first.</summary>
    public const int MaxExchangedPeers = 100;

    /// <summary>Bytes of an extension handshake (BEP 10); clients of today send some hundred.</summary>
    public const int MaxExtensionHandshakeLength = 16 * 1024;

    /// <summary>Bytes of a peer message of a kind unknown to us, which is passed over.</summary>
    public const int MaxUnknownMessageLength = 64 * 1024;

    /// <summary>Extensions that are remembered of one peer (BEP 10); clients of today name about ten.</summary>
    public const int MaxExtensionsPerPeer = 32;

    /// <summary>Bencoded values in an extension handshake (BEP 10).</summary>
    public const int MaxExtensionHandshakeTokens = 2_000;

    /// <summary>Characters of a name or version that a peer gives for itself (BEP 10); what is longer is cut.</summary>
    public const int MaxPeerTextLength = 64;

    /// <summary>Bytes of a pad of message stream encryption.</summary>
    public const int MaxEncryptionPad = 512;

    /// <summary>Bytes held of an encrypted handshake: the longest side of one has 1,176 before its initial payload.</summary>
    public const int EncryptionBuffer = 2 * 1024;
}

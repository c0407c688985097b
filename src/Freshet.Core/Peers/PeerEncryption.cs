namespace Freshet.Core.Peers;

/// <summary>
/// Which parts of a connection are hidden from traffic classification (message stream encryption). None of this authenticates the peer, and
/// none of it hides anything from somebody who knows the torrent's info-hash.
/// </summary>
public enum PeerEncryption : byte
{
    /// <summary>Nothing is encrypted.</summary>
    None,

    /// <summary>Only the handshake, which contains the info-hash, is encrypted; the payload is plain text.</summary>
    Handshake,

    /// <summary>Everything is encrypted with RC4.</summary>
    Full,
}

namespace Freshet.Core.Peers;

/// <summary>
/// What of a connection is hidden from those who sort traffic (message stream encryption). None of it proves who the peer is, and none of
/// it hides anything from somebody who knows the torrent's info-hash.
/// </summary>
public enum PeerEncryption : byte
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The handshake, which names the torrent; what follows is plain.</summary>
    Handshake,

    /// <summary>All of it, with RC4.</summary>
    Rc4,
}

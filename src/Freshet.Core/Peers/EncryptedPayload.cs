namespace Freshet.Core.Peers;

/// <summary>How the payload is encrypted on a connection with an encrypted handshake.</summary>
public enum EncryptedPayload
{
    /// <summary>Plain text if the peer agrees, otherwise RC4. Uses less CPU time.</summary>
    PlainPreferred,

    /// <summary>RC4 if the peer agrees, otherwise plain text.</summary>
    Rc4Preferred,

    /// <summary>Always RC4. Peers that insist on plain text cannot be reached over encrypted connections.</summary>
    Rc4Required,
}

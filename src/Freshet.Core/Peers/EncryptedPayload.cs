namespace Freshet.Core.Peers;

/// <summary>What becomes of the payload of a connection whose handshake is encrypted.</summary>
public enum EncryptedPayload
{
    /// <summary>It is plain if the peer agrees, else RC4. It costs less processor time.</summary>
    PlainPreferred,

    /// <summary>It is RC4 if the peer agrees, else plain.</summary>
    Rc4Preferred,

    /// <summary>It is RC4. Peers that want it plain are out of reach over encrypted connections.</summary>
    Rc4Required,
}

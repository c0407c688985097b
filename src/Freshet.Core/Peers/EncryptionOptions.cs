using Freshet.Core.Wire.Encryption;

namespace Freshet.Core.Peers;

/// <summary>
/// How connections to peers are encrypted (message stream encryption, MSE/PE). This keeps networks that throttle BitTorrent from
/// recognizing it easily; it does not protect against a determined observer.
/// </summary>
public sealed record EncryptionOptions
{
    private readonly CryptoMethods _methods;

    /// <summary>
    /// The policy for incoming connections. <see cref="EncryptionPolicy.Allowed"/>, the default, and
    /// <see cref="EncryptionPolicy.Preferred"/> have the same effect here: the peer decides.
    /// </summary>
    public EncryptionPolicy Incoming { get; init; } = EncryptionPolicy.Allowed;

    /// <summary>The policy for outgoing connections. Default: <see cref="EncryptionPolicy.Allowed"/>.</summary>
    public EncryptionPolicy Outgoing { get; init; } = EncryptionPolicy.Allowed;

    /// <summary>
    /// How the payload after an encrypted handshake is encrypted. RC4 costs about as much CPU time as everything else in a transfer
    /// together. Default: <see cref="EncryptedPayload.PlainPreferred"/>.
    /// </summary>
    public EncryptedPayload Payload { get; init; }

    /// <summary>The methods offered to peers that we dial, and accepted from peers that dial us.</summary>
    internal CryptoMethods Methods
    {
        get => _methods != CryptoMethods.None ? _methods
            : Payload == EncryptedPayload.Rc4Required ? CryptoMethods.Rc4
            : CryptoMethods.Plain | CryptoMethods.Rc4;
        init => _methods = value;
    }

    /// <summary>The method selected from a peer's offer, if it is included.</summary>
    internal CryptoMethods PreferredMethod => Payload == EncryptedPayload.PlainPreferred ? CryptoMethods.Plain : CryptoMethods.Rc4;

    /// <summary>Whether to encrypt outgoing connections, in the order of the attempts.</summary>
    /// <param name="worked">What worked with the peer before, which is tried first; null if unknown.</param>
    internal ReadOnlySpan<bool> DialOrder(PeerEncryption? worked) => Outgoing switch
    {
        EncryptionPolicy.Disabled => [false],
        EncryptionPolicy.Required => [true],
        EncryptionPolicy.Preferred => worked == PeerEncryption.None ? [false, true] : [true, false],
        _ => worked is null or PeerEncryption.None ? [false, true] : [true, false],
    };
}

using Freshet.Core.Wire.Encryption;

namespace Freshet.Core.Peers;

/// <summary>
/// How connections with peers are encrypted (message stream encryption, MSE/PE). It keeps networks that slow BitTorrent down from
/// recognizing it at a glance; it is no protection against anybody who listens with more effort.
/// </summary>
public sealed record EncryptionOptions
{
    private readonly CryptoMethods _methods;

    /// <summary>For connections that peers make. <see cref="EncryptionPolicy.Allowed"/>, the default, and
    /// <see cref="EncryptionPolicy.Preferred"/> are the same here: the peer decides.</summary>
    public EncryptionPolicy Incoming { get; init; } = EncryptionPolicy.Allowed;

    /// <summary>For connections that we make. Default: <see cref="EncryptionPolicy.Allowed"/>.</summary>
    public EncryptionPolicy Outgoing { get; init; } = EncryptionPolicy.Allowed;

    /// <summary>
    /// What follows an encrypted handshake. RC4 costs about as much processor time as everything else that a transfer needs together.
    /// Default: <see cref="EncryptedPayload.PlainPreferred"/>.
    /// </summary>
    public EncryptedPayload Payload { get; init; }

    /// <summary>What is offered to peers that we dial, and accepted of those that dial us.</summary>
    internal CryptoMethods Methods
    {
        get => _methods != CryptoMethods.None ? _methods
            : Payload == EncryptedPayload.Rc4Required ? CryptoMethods.Rc4
            : CryptoMethods.Plain | CryptoMethods.Rc4;
        init => _methods = value;
    }

    /// <summary>What is selected of what a peer offers, if it is among it.</summary>
    internal CryptoMethods PreferredMethod => Payload == EncryptedPayload.PlainPreferred ? CryptoMethods.Plain : CryptoMethods.Rc4;

    /// <summary>Whether connections that we make are to be encrypted, in the order in which it is tried.</summary>
    /// <param name="worked">What worked with the peer before, which is tried first; null if nothing is known.</param>
    internal ReadOnlySpan<bool> DialOrder(PeerEncryption? worked) => Outgoing switch
    {
        EncryptionPolicy.Disabled => [false],
        EncryptionPolicy.Required => [true],
        EncryptionPolicy.Preferred => worked == PeerEncryption.None ? [false, true] : [true, false],
        _ => worked is null or PeerEncryption.None ? [false, true] : [true, false],
    };
}

namespace Freshet.Core.Wire.Encryption;

/// <summary>How the payload is encrypted after the handshake: crypto_provide and crypto_select in the specification.</summary>
[Flags]
internal enum CryptoMethods : uint
{
    None = 0,

    /// <summary>Plain text: only the handshake is hidden.</summary>
    Plain = 1,

    /// <summary>Encrypted with <see cref="Encryption.Rc4"/>.</summary>
    Rc4 = 2,
}

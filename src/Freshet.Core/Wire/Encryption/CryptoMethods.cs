namespace Freshet.Core.Wire.Encryption;

/// <summary>How the payload goes on after the handshake: crypto_provide and crypto_select of the specification.</summary>
[Flags]
internal enum CryptoMethods : uint
{
    None = 0,

    /// <summary>As it is: only the handshake is hidden.</summary>
    Plain = 1,

    /// <summary>Enciphered with <see cref="Encryption.Rc4"/>.</summary>
    Rc4 = 2,
}

namespace Freshet.Core.Wire.Encryption;

/// <summary>What an incoming connection starts with.</summary>
internal enum FirstBytes
{
    /// <summary>Too few bytes to decide.</summary>
    Undecided,

    /// <summary>The handshake of BEP 3.</summary>
    Plain,

    /// <summary>Something else, presumably the public key of an encrypted handshake.</summary>
    Encrypted,
}

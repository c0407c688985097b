namespace Freshet.Core.Wire.Encryption;

/// <summary>What a connection that came in begins with.</summary>
internal enum FirstBytes
{
    /// <summary>Too little to tell.</summary>
    Undecided,

    /// <summary>The handshake of BEP 3.</summary>
    Plain,

    /// <summary>Something else: by all appearances the public key of an encrypted handshake.</summary>
    Encrypted,
}

namespace Freshet.Core.Wire.Encryption;

/// <summary>The random part of one side of a handshake.</summary>
/// <param name="PrivateKey"><see cref="DiffieHellman.PrivateKeyLength"/> bytes that nobody can foresee.</param>
/// <param name="FirstPad">0 to 512 bytes that follow the public key.</param>
/// <param name="SecondPad">How many bytes the second pad has, 0 to 512. They are zeros, enciphered.</param>
internal sealed record MseSecrets(byte[] PrivateKey, byte[] FirstPad, int SecondPad);

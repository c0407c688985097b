namespace Freshet.Core.Wire.Encryption;

/// <summary>The random values of one side of a handshake.</summary>
/// <param name="PrivateKey"><see cref="DiffieHellman.PrivateKeyLength"/> unpredictable bytes.</param>
/// <param name="FirstPad">The padding after the public key, 0 to 512 bytes.</param>
/// <param name="SecondPad">The length of the second padding, 0 to 512 bytes, which consists of encrypted zeros.</param>
internal sealed record MseSecrets(byte[] PrivateKey, byte[] FirstPad, int SecondPad);

using System.Security.Cryptography;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Connections;

/// <summary>
/// Computes the expensive part of encrypted handshakes, one or two milliseconds of processor time each: on the calling thread, which is
/// never a torrent's loop, and on at most half of the processors at once, so that strangers who begin many handshakes hold up nothing else.
/// </summary>
#pragma warning disable CA1001 // The semaphore holds nothing to dispose of.
internal sealed class KeyAgreements
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _room = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>The random part of a handshake.</summary>
    public static MseSecrets NewSecrets() => new(
        RandomNumberGenerator.GetBytes(DiffieHellman.PrivateKeyLength),
        RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(WireLimits.MaxEncryptionPad + 1)),
        RandomNumberGenerator.GetInt32(WireLimits.MaxEncryptionPad + 1));

    public async ValueTask RunAsync(MseHandshake handshake, CancellationToken cancellationToken)
    {
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            handshake.Agree();
        }
        finally
        {
            _room.Release();
        }
    }
}

using System.Security.Cryptography;
using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Connections;

/// <summary>
/// Computes the expensive part of encrypted handshakes, one or two milliseconds of processor time each: on the calling thread, which is
/// never a torrent's loop, and on at most half of the processors at once, so that strangers who begin many handshakes hold up nothing else.
/// A session has one, for incoming and outgoing connections together.
/// </summary>
/// <remarks>
/// Whoever waits here has a place among the listener's strangers or among the half-open dials, and leaves the queue with that place: it is
/// never longer than both, and nothing is computed for a connection that has ended.
/// </remarks>
/// <param name="places">How many are computed at once.</param>
#pragma warning disable CA1001 // The semaphore holds nothing to dispose of.
internal sealed class KeyAgreements(int places)
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _room = new(places);
    private int _waiting;
    private long _computed;

    /// <summary>On at most half of the processors at once.</summary>
    public KeyAgreements()
        : this(Math.Max(1, Environment.ProcessorCount / 2))
    {
    }

    /// <summary>How many wait for their turn.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>How many have been computed.</summary>
    public long Computed => Interlocked.Read(ref _computed);

    /// <summary>The random part of a handshake.</summary>
    public static MseSecrets NewSecrets() => new(
        RandomNumberGenerator.GetBytes(DiffieHellman.PrivateKeyLength),
        RandomNumberGenerator.GetBytes(RandomNumberGenerator.GetInt32(WireLimits.MaxEncryptionPad + 1)),
        RandomNumberGenerator.GetInt32(WireLimits.MaxEncryptionPad + 1));

    /// <summary>Computes what a handshake needs when it is its turn.</summary>
    /// <param name="handshake">The handshake.</param>
    /// <param name="cancellationToken">Cancelled when the connection of the handshake ends.</param>
    public async ValueTask RunAsync(MseHandshake handshake, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _waiting);
        try
        {
            await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // Its turn may have come when it had ended already.
            cancellationToken.ThrowIfCancellationRequested();
            handshake.Agree();
            Interlocked.Increment(ref _computed);
        }
        finally
        {
            _room.Release();
        }
    }
}

using Freshet.Core.Metainfo;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Connections;

/// <summary>Runs encrypted handshakes over transports. A handshake ends when its transport does.</summary>
/// <param name="agreements">Computes the key agreements.</param>
internal sealed class EncryptionNegotiator(KeyAgreements agreements)
{
    /// <param name="transport">The connection; the caller keeps owning it.</param>
    /// <param name="handshake">A new handshake; a responder may have been given the first bytes already.</param>
    /// <param name="find">For a responder: finds the torrent that has HASH('req2', SKEY); null if there is none.</param>
    /// <param name="cancellationToken">Cancelled when the connection ends.</param>
    /// <returns>The encrypted transport; or null and the peer's error, unless it simply closed the connection.</returns>
    public async Task<(ITransport? Transport, string? Failure)> RunAsync(
        ITransport transport,
        MseHandshake handshake,
        Func<InfoHash, ValueTask<InfoHash?>>? find,
        CancellationToken cancellationToken)
    {
        while (true)
        {
            switch (handshake.Next)
            {
                case MseStep.Agree:
                    await agreements.RunAsync(handshake, cancellationToken).ConfigureAwait(false);
                    break;
                case MseStep.Send:
                    await SendAsync(transport, handshake.Output).ConfigureAwait(false);
                    handshake.OnSent();
                    break;
                case MseStep.Receive:
                    int received = await transport.ReceiveAsync(handshake.Room).ConfigureAwait(false);
                    if (received == 0)
                        return (null, null);
                    handshake.OnReceived(received);
                    break;
                case MseStep.Find:
                    MseResponder responder = (MseResponder)handshake;
                    responder.OnFound(await find!(responder.Wanted).ConfigureAwait(false));
                    break;
                case MseStep.Failed:
                    return (null, handshake.Failure);
                default:
                    return (new EncryptedTransport(transport, handshake), null);
            }
        }
    }

    private static async ValueTask SendAsync(ITransport transport, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await transport.SendAsync(bytes).ConfigureAwait(false)..];
    }
}

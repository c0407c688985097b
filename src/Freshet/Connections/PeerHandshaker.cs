using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;

using Freshet.Core.Wire;
using Freshet.Core.Wire.Encryption;

namespace Freshet.Connections;

/// <summary>
/// Exchanges the 68-byte handshakes (BEP 3), encrypted or not, and reads not a byte more. It ends within its time limit, whatever the peer
/// does; a failed handshake aborts the transport.
/// </summary>
/// <param name="encryption">Whether connections may or must be encrypted.</param>
/// <param name="agreements">Computes the key agreements of all handshakes of a session.</param>
/// <param name="time">The clock for the time limit.</param>
internal sealed class PeerHandshaker(EncryptionOptions encryption, KeyAgreements agreements, TimeProvider time)
{
    // The peer id may arrive later: port checkers send none, and some clients wait for ours first.
    private const int LengthWithoutPeerId = Handshake.Length - PeerId.Length;

    private readonly EncryptionNegotiator _negotiator = new(agreements);

    /// <summary>Sends our handshake first, and requires the same torrent in return.</summary>
    public async Task<HandshakeResult> DialAsync(
        ITransport transport, Handshake ours, bool isEncrypted, CancellationToken cancellationToken)
    {
        HandshakeResult result = await WithTimeoutAsync(
            transport,
            isEncrypted ? stop => ExchangeEncryptedAsync(transport, ours, stop) : _ => ExchangeAsync(transport, ours),
            cancellationToken).ConfigureAwait(false);

        // Clients that reject our kind of handshake close the connection; some wait for more bytes, or for an encrypted handshake.
        bool isTurnedAway = result.Reason is DisconnectReason.ClosedByPeer or DisconnectReason.TimedOut;
        return result.Transport is null && isTurnedAway ? result with { MayBeOtherwise = true } : result;
    }

    /// <summary>Receives first, and answers once the torrent is known.</summary>
    public Task<HandshakeResult> AnswerAsync(ITransport transport, IIncomingPeers peers, CancellationToken cancellationToken) =>
        WithTimeoutAsync(transport, stop => AnswerFirstAsync(transport, peers, stop), cancellationToken);

    /// <summary>
    /// Ends a connection at once. Over uTP one that is closed keeps its place until the peer has everything; nothing is owed to a stranger.
    /// </summary>
    public static void TurnAway(ITransport stranger)
    {
        if (stranger.Way.Transport == PeerTransport.Utp)
            stranger.Reset();
        else
            stranger.Abort();
    }

    private static async Task<HandshakeResult> ExchangeAsync(ITransport transport, Handshake ours)
    {
        byte[] bytes = new byte[Handshake.Length];
        ours.Write(bytes);
        await SendAsync(transport, bytes).ConfigureAwait(false);
        return await ReadTheirsAsync(transport, ours).ConfigureAwait(false);
    }

    // Our handshake is sent along with the encrypted one, so that it costs no round trip of its own.
    private async Task<HandshakeResult> ExchangeEncryptedAsync(ITransport transport, Handshake ours, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[Handshake.Length];
        ours.Write(bytes);
        MseInitiator handshake = new(KeyAgreements.NewSecrets(), ours.InfoHash, encryption.Methods, bytes);
        (ITransport? encrypted, string? failure) =
            await _negotiator.RunAsync(transport, handshake, find: null, cancellationToken).ConfigureAwait(false);
        if (encrypted is not null)
            return await ReadTheirsAsync(encrypted, ours).ConfigureAwait(false);
        return EncryptionFailed(failure) with { MayBeOtherwise = true };
    }

    private static async Task<HandshakeResult> ReadTheirsAsync(ITransport transport, Handshake ours)
    {
        byte[] bytes = new byte[Handshake.Length];
        if (!await ReceiveAsync(transport, bytes).ConfigureAwait(false))
            return HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "before the handshake");
        if (!Handshake.TryRead(bytes, out Handshake theirs))
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "not a BitTorrent handshake");
        if (theirs.InfoHash != ours.InfoHash)
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "it names another torrent");
        return HandshakeResult.Success(transport, theirs);
    }

    private async Task<HandshakeResult> AnswerFirstAsync(ITransport transport, IIncomingPeers peers, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[LengthWithoutPeerId];
        FirstBytes first = FirstBytes.Undecided;
        int received = 0;
        while (first == FirstBytes.Undecided)
        {
            int more = await transport.ReceiveAsync(bytes.AsMemory(received)).ConfigureAwait(false);
            if (more == 0)
                return HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "before the handshake");
            received += more;
            first = FirstBytesReader.Recognize(bytes.AsSpan(0, received));
        }

        Memory<byte> begun = bytes.AsMemory(0, received);
        if (first == FirstBytes.Encrypted)
            return await AnswerEncryptedAsync(transport, begun, peers, cancellationToken).ConfigureAwait(false);
        if (encryption.Incoming == EncryptionPolicy.Required)
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "it does not encrypt, which is required here");
        return await AnswerAsync(transport, new BegunHandshake(begun, null), peers, cancellationToken).ConfigureAwait(false);
    }

    private async Task<HandshakeResult> AnswerEncryptedAsync(
        ITransport transport, ReadOnlyMemory<byte> begun, IIncomingPeers peers, CancellationToken cancellationToken)
    {
        if (encryption.Incoming == EncryptionPolicy.Disabled)
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "not a BitTorrent handshake");
        MseResponder handshake = new(KeyAgreements.NewSecrets(), encryption.Methods, encryption.PreferredMethod);
        handshake.OnReceived(begun.Span);
        InfoHash? torrent = null;
        (ITransport? encrypted, string? failure) = await _negotiator.RunAsync(
            transport,
            handshake,
            async hash => torrent = await peers.FindWantedAsync(hash, transport.RemoteEndPoint, cancellationToken).ConfigureAwait(false),
            cancellationToken).ConfigureAwait(false);
        return encrypted is null
            ? EncryptionFailed(failure)
            : await AnswerAsync(encrypted, new BegunHandshake(default, torrent), peers, cancellationToken).ConfigureAwait(false);
    }

    private static HandshakeResult EncryptionFailed(string? failure) => failure is null
        ? HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "during the encrypted handshake")
        : HandshakeResult.Failure(DisconnectReason.BadHandshake, $"in the encrypted handshake {failure}");

    private static async Task<HandshakeResult> AnswerAsync(
        ITransport transport, BegunHandshake begun, IIncomingPeers peers, CancellationToken cancellationToken)
    {
        byte[] bytes = new byte[Handshake.Length];
        begun.Bytes.CopyTo(bytes);
        if (!await ReceiveAsync(transport, bytes.AsMemory(begun.Bytes.Length..LengthWithoutPeerId)).ConfigureAwait(false))
            return HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "before the handshake");
        if (!Handshake.TryRead(bytes, out Handshake theirs))
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "not a BitTorrent handshake");
        if (begun.EncryptedFor is { } torrent && torrent != theirs.InfoHash)
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "it names another torrent than it has encrypted for");
        if (await peers.FindAsync(theirs.InfoHash, transport.RemoteEndPoint, cancellationToken).ConfigureAwait(false) is not { } ours)
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, $"no torrent {theirs.InfoHash} here");

        byte[] answer = new byte[Handshake.Length];
        ours.Write(answer);
        await SendAsync(transport, answer).ConfigureAwait(false);
        if (!await ReceiveAsync(transport, bytes.AsMemory(LengthWithoutPeerId)).ConfigureAwait(false))
            return HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "before its peer id");
        Handshake.TryRead(bytes, out theirs);
        return HandshakeResult.Success(transport, theirs);
    }

    private static async ValueTask SendAsync(ITransport transport, ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await transport.SendAsync(bytes).ConfigureAwait(false)..];
    }

    private static async ValueTask<bool> ReceiveAsync(ITransport transport, Memory<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int received = await transport.ReceiveAsync(buffer).ConfigureAwait(false);
            if (received == 0)
                return false;
            buffer = buffer[received..];
        }

        return true;
    }

    private async Task<HandshakeResult> WithTimeoutAsync(
        ITransport transport, Func<CancellationToken, Task<HandshakeResult>> shake, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(ConnectionLimits.HandshakeTimeoutSeconds), time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        using CancellationTokenRegistration onEnd = end.Token.UnsafeRegister(
            static transport => TurnAway((ITransport)transport!), transport);
        HandshakeResult result;
        try
        {
            result = await shake(end.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            result = timeout.IsCancellationRequested
                ? HandshakeResult.Failure(DisconnectReason.TimedOut, "no handshake")
                : HandshakeResult.Failure(
                    e is SocketException s ? SocketErrors.Classify(s.SocketErrorCode) : DisconnectReason.NetworkError, e.Message);
        }

        if (result.Transport is null)
            TurnAway(transport);
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    /// <summary>What is known when the peer's handshake is about to be read.</summary>
    /// <param name="Bytes">The bytes that have been read already.</param>
    /// <param name="EncryptedFor">The torrent that the handshake must name; null for any.</param>
    private readonly record struct BegunHandshake(ReadOnlyMemory<byte> Bytes, InfoHash? EncryptedFor);
}

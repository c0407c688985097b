using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Metainfo;
using Freshet.Core.Peers;

using Freshet.Core.Wire;

namespace Freshet.Connections;

/// <summary>
/// Exchanges the 68-byte handshakes (BEP 3), and reads not a byte more. Whatever the peer does, it ends within the time allowed; a
/// failed handshake leaves the transport aborted.
/// </summary>
internal sealed class PeerHandshaker
{
    // The peer id may come later: what tests whether a port is open sends none, and some wait for ours first.
    private const int LengthWithoutPeerId = Handshake.Length - PeerId.Length;

    private readonly TimeProvider _time;

    public PeerHandshaker(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    /// <summary>Speaks first, and wants the same torrent named in return.</summary>
    public Task<HandshakeResult> DialAsync(ITransport transport, Handshake ours, CancellationToken cancellationToken) =>
        WithTimeoutAsync(transport, () => ExchangeAsync(transport, ours), cancellationToken);

    /// <summary>Listens first, and answers once the torrent is known.</summary>
    public Task<HandshakeResult> AnswerAsync(
        ITransport transport, Func<InfoHash, ValueTask<Handshake?>> find, CancellationToken cancellationToken) =>
        WithTimeoutAsync(transport, () => AnswerAsync(transport, find), cancellationToken);

    private static async Task<HandshakeResult> ExchangeAsync(ITransport transport, Handshake ours)
    {
        byte[] bytes = new byte[Handshake.Length];
        ours.Write(bytes);
        await SendAsync(transport, bytes).ConfigureAwait(false);
        if (!await ReceiveAsync(transport, bytes).ConfigureAwait(false))
            return HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "before the handshake");
        if (!Handshake.TryRead(bytes, out Handshake theirs))
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "not a BitTorrent handshake");
        if (theirs.InfoHash != ours.InfoHash)
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "it names another torrent");
        return HandshakeResult.Success(theirs);
    }

    private static async Task<HandshakeResult> AnswerAsync(ITransport transport, Func<InfoHash, ValueTask<Handshake?>> find)
    {
        byte[] bytes = new byte[Handshake.Length];
        if (!await ReceiveAsync(transport, bytes.AsMemory(0, LengthWithoutPeerId)).ConfigureAwait(false))
            return HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "before the handshake");
        if (!Handshake.TryRead(bytes, out Handshake theirs))
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, "not a BitTorrent handshake");
        if (await find(theirs.InfoHash).ConfigureAwait(false) is not { } ours)
            return HandshakeResult.Failure(DisconnectReason.BadHandshake, $"no torrent {theirs.InfoHash} here");

        byte[] answer = new byte[Handshake.Length];
        ours.Write(answer);
        await SendAsync(transport, answer).ConfigureAwait(false);
        if (!await ReceiveAsync(transport, bytes.AsMemory(LengthWithoutPeerId)).ConfigureAwait(false))
            return HandshakeResult.Failure(DisconnectReason.ClosedByPeer, "before its peer id");
        Handshake.TryRead(bytes, out theirs);
        return HandshakeResult.Success(theirs);
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
        ITransport transport, Func<Task<HandshakeResult>> shake, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(Limits.HandshakeTimeoutSeconds), _time);
        using CancellationTokenRegistration onTimeout = timeout.Token.UnsafeRegister(Abort, transport);
        using CancellationTokenRegistration onCancel = cancellationToken.UnsafeRegister(Abort, transport);
        HandshakeResult result;
        try
        {
            result = await shake().ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            result = timeout.IsCancellationRequested
                ? HandshakeResult.Failure(DisconnectReason.TimedOut, "no handshake")
                : HandshakeResult.Failure(
                    e is SocketException s ? SocketErrors.Classify(s.SocketErrorCode) : DisconnectReason.NetworkError, e.Message);
        }

        if (!result.Succeeded)
            transport.Abort();
        cancellationToken.ThrowIfCancellationRequested();
        return result;
    }

    private static void Abort(object? transport) => ((ITransport)transport!).Abort();
}

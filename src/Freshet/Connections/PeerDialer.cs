using System.Net;
using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Peers;

using Freshet.Core.Wire;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>Connects to peers and shakes hands with them; a bounded number at once, the others in turn.</summary>
internal sealed class PeerDialer
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly ConnectionBudget _budget;
    private readonly NetworkBinding _binding;
    private readonly TimeProvider _time;
    private readonly PeerHandshaker _handshaker;

    /// <param name="budget">The session's bound on connections.</param>
    /// <param name="binding">Where to dial from; null for any address. Peers of the other family are out of reach.</param>
    /// <param name="time">The clock for time-outs.</param>
    public PeerDialer(ConnectionBudget budget, NetworkBinding? binding = null, TimeProvider? time = null)
    {
        _budget = budget;
        _binding = binding ?? new NetworkBinding();
        _time = time ?? TimeProvider.System;
        _handshaker = new PeerHandshaker(_time);
    }

    /// <summary>Connects and shakes hands. Throws nothing but <see cref="OperationCanceledException"/>.</summary>
    public async Task<DialResult> DialAsync(IPEndPoint peer, Handshake ours, CancellationToken cancellationToken)
    {
        ConnectionSlot? slot = await _budget.DialAsync(cancellationToken).ConfigureAwait(false);
        if (slot is null)
            return DialResult.Failure(DisconnectReason.TooManyPeers);
        TcpTransport? transport = null;
        try
        {
            transport = await ConnectAsync(peer, slot, cancellationToken).ConfigureAwait(false);
            HandshakeResult result = await _handshaker.DialAsync(transport, ours, cancellationToken).ConfigureAwait(false);
            if (!result.Succeeded)
                return DialResult.Failure(result.Reason, result.Detail);
            slot.Establish();
            DialResult dialled = new(transport, result.Theirs, default, null);
            transport = null;
            slot = null;
            return dialled;
        }
        catch (SocketException e)
        {
            return DialResult.Failure(SocketErrors.Classify(e.SocketErrorCode), e.Message);
        }
        finally
        {
            transport?.Abort();
            slot?.Dispose();
        }
    }

    /// <summary>Connects. While there are no handles it waits, since no other peer could be dialled either.</summary>
    private async Task<TcpTransport> ConnectAsync(IPEndPoint peer, ConnectionSlot slot, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await ConnectOnceAsync(peer, slot, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e) when (SocketErrors.IsShortage(e.SocketErrorCode))
            {
                _budget.OnShortage?.Invoke();
            }

            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<TcpTransport> ConnectOnceAsync(IPEndPoint peer, ConnectionSlot slot, CancellationToken cancellationToken)
    {
        Socket socket = _binding.Open(peer.AddressFamily, SocketType.Stream);
        using CancellationTokenSource timeout = new(TimeSpan.FromSeconds(Limits.ConnectTimeoutSeconds), _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        bool connected = false;
        try
        {
            await socket.ConnectAsync(peer, either.Token).ConfigureAwait(false);
            TcpTransport transport = new(socket, slot);
            connected = true;
            return transport;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
        finally
        {
            if (!connected)
                socket.Dispose();
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Freshet.Core;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>
/// Connects to peers and shakes hands with them, by the ways of a <see cref="DialPlan"/> until one works; a bounded number of peers at
/// once, the others in turn. A plan has one place among the dials and one deadline, however many ways it has.
/// </summary>
internal sealed class PeerDialer
{
    private static readonly TimeSpan WholePlan = TimeSpan.FromSeconds(Limits.DialTimeoutSeconds);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly ConnectionBudget _budget;
    private readonly IReadOnlyList<IConnector> _connectors;
    private readonly TimeProvider _time;
    private readonly PeerHandshaker _handshaker;

    /// <summary>Dials over TCP alone.</summary>
    /// <param name="budget">The session's bound on connections.</param>
    /// <param name="binding">Where to dial from; null for any address. Peers of the other family are out of reach.</param>
    /// <param name="time">The clock for time-outs.</param>
    public PeerDialer(ConnectionBudget budget, NetworkBinding? binding = null, TimeProvider? time = null)
        : this(budget, [new TcpConnector(binding ?? new NetworkBinding(), time ?? TimeProvider.System)], time)
    {
    }

    /// <param name="budget">The session's bound on connections.</param>
    /// <param name="connectors">One for each transport that there is.</param>
    /// <param name="time">The clock for time-outs.</param>
    public PeerDialer(ConnectionBudget budget, IReadOnlyList<IConnector> connectors, TimeProvider? time = null)
    {
        _budget = budget;
        _connectors = connectors;
        _time = time ?? TimeProvider.System;
        _handshaker = new PeerHandshaker(_time);
    }

    /// <summary>Connects over TCP and shakes hands. Throws nothing but <see cref="OperationCanceledException"/>.</summary>
    public Task<DialResult> DialAsync(IPEndPoint peer, Handshake ours, CancellationToken cancellationToken) =>
        DialAsync(DialPlan.Direct(peer), ours, cancellationToken);

    /// <summary>
    /// Connects by the first way that works, and shakes hands. Throws nothing but <see cref="OperationCanceledException"/>.
    /// </summary>
    public async Task<DialResult> DialAsync(DialPlan plan, Handshake ours, CancellationToken cancellationToken)
    {
        ConnectionSlot? slot = await _budget.DialAsync(cancellationToken).ConfigureAwait(false);
        if (slot is null)
            return DialResult.Failure(DisconnectReason.TooManyPeers);
        try
        {
            DialResult result = await FollowWhenPossibleAsync(plan, ours, cancellationToken).ConfigureAwait(false);
            if (result.Transport is not { } transport)
                return result;
            slot.Establish();
            result = result with { Transport = new CountedTransport(transport, slot) };
            slot = null;
            return result;
        }
        finally
        {
            slot?.Dispose();
        }
    }

    /// <summary>Follows a plan. While there are no handles it waits, since no other peer could be dialled either.</summary>
    private async Task<DialResult> FollowWhenPossibleAsync(DialPlan plan, Handshake ours, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                return await FollowAsync(plan, ours, cancellationToken).ConfigureAwait(false);
            }
            catch (SocketException e) when (SocketErrors.IsShortage(e.SocketErrorCode))
            {
                _budget.OnShortage?.Invoke();
            }

            await Task.Delay(pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<DialResult> FollowAsync(DialPlan plan, Handshake ours, CancellationToken cancellationToken)
    {
        DialResult result = DialResult.Failure(DisconnectReason.NetworkError, "there is no way to connect");
        long began = _time.GetTimestamp();
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            if (_connectors.FirstOrDefault(connector => connector.Transport == plan.Steps[i].Transport) is not { } connector)
                continue;

            // A way that leads nowhere leaves their share of the time to the others.
            TimeSpan share = (WholePlan - _time.GetElapsedTime(began)) / (plan.Steps.Length - i);
            if (share <= TimeSpan.Zero)
                break;
            using CancellationTokenSource deadline = new(share, _time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
            result = await TryAsync(connector, plan, plan.Steps[i], ours, either.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();

            // A peer that answered, and is not the one that was looked for, is none by another way.
            if (result.Transport is not null || result.Reason == DisconnectReason.BadHandshake)
                break;
        }

        return result;
    }

    private async Task<DialResult> TryAsync(
        IConnector connector, DialPlan plan, DialStep step, Handshake ours, CancellationToken cancellationToken)
    {
        ITransport? transport = null;
        CancellationTokenRegistration abort = default;
        try
        {
            transport = await connector.ConnectAsync(step.Via ?? plan.Target, cancellationToken).ConfigureAwait(false);
            abort = cancellationToken.UnsafeRegister(static below => ((ITransport)below!).Abort(), transport);
            foreach (ITransportLayer layer in step.Layers)
                transport = await layer.OpenAsync(transport, plan.Target, cancellationToken).ConfigureAwait(false);
            HandshakeResult result = await _handshaker.DialAsync(transport, ours, cancellationToken).ConfigureAwait(false);
            if (!result.Succeeded)
                return DialResult.Failure(result.Reason, result.Detail);
            DialResult dialled = new(transport, result.Theirs, default, null) { Over = step.Transport };
            transport = null;
            return dialled;
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested
            && e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return DialResult.Failure(DisconnectReason.TimedOut);
        }
        catch (SocketException e) when (!SocketErrors.IsShortage(e.SocketErrorCode))
        {
            return DialResult.Failure(SocketErrors.Classify(e.SocketErrorCode), e.Message);
        }
        catch (ObjectDisposedException e)
        {
            return DialResult.Failure(DisconnectReason.NetworkError, e.Message);
        }
        finally
        {
            await abort.DisposeAsync().ConfigureAwait(false);
            transport?.Abort();
        }
    }
}

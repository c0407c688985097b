using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Core.Wire;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>
/// Connects to peers and performs the handshake, following a <see cref="DialPlan"/>; a limited number of dials run at once, and the others
/// are queued. A plan has one slot and one deadline, however many routes it has.
/// </summary>
internal sealed class PeerDialer
{
    private static readonly TimeSpan WholePlan = TimeSpan.FromSeconds(ConnectionLimits.DialTimeoutSeconds);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(4);

    private readonly ConnectionBudget _budget;
    private readonly TimeProvider _time;
    private readonly ConnectRace _race;
    private readonly PeerHandshaker _handshaker;

    /// <summary>Dials over TCP alone.</summary>
    /// <param name="budget">The session's limits on connections.</param>
    /// <param name="binding">The local address to dial from; null for any. Peers of the other family cannot be reached.</param>
    /// <param name="time">The clock for timeouts.</param>
    public PeerDialer(ConnectionBudget budget, NetworkBinding? binding = null, TimeProvider? time = null)
        : this(budget, [new TcpConnector(binding ?? new NetworkBinding(), time ?? TimeProvider.System)], null, time)
    {
    }

    /// <param name="budget">The session's limits on connections.</param>
    /// <param name="connectors">One for each available transport.</param>
    /// <param name="encryption">What is offered to peers if a plan asks for encryption.</param>
    /// <param name="time">The clock for timeouts.</param>
    /// <param name="agreements">Computes the key agreements; shared with the listener of a session.</param>
    public PeerDialer(
        ConnectionBudget budget,
        IReadOnlyList<IConnector> connectors,
        EncryptionOptions? encryption = null,
        TimeProvider? time = null,
        KeyAgreements? agreements = null)
    {
        _budget = budget;
        _time = time ?? TimeProvider.System;
        _race = new ConnectRace(connectors, _time);
        _handshaker = new PeerHandshaker(encryption ?? new EncryptionOptions(), agreements ?? new KeyAgreements(), _time);
    }

    /// <summary>Called for each attempt that was not cancelled.</summary>
    public Action<DialAttempt>? OnAttempt { get; init; }

    /// <summary>Connects over TCP and performs the handshake. Throws only <see cref="OperationCanceledException"/>.</summary>
    public Task<DialResult> DialAsync(IPEndPoint peer, Handshake ours, CancellationToken cancellationToken) =>
        DialAsync(DialPlan.Direct(peer), ours, cancellationToken);

    /// <summary>
    /// Connects by whichever attempt of a plan succeeds, and performs the handshake. Throws only <see cref="OperationCanceledException"/>.
    /// </summary>
    public async Task<DialResult> DialAsync(DialPlan plan, Handshake ours, CancellationToken cancellationToken)
    {
        ConnectionSlot? slot = await _budget.DialAsync(plan.IsUrgent, cancellationToken).ConfigureAwait(false);
        if (slot is null)
            return DialResult.Failure(DisconnectReason.TooManyPeers);
        try
        {
            DialResult result = await FollowWhenPossibleAsync(plan, ours, cancellationToken).ConfigureAwait(false);
            if (result.Transport is not { } transport)
                return result;
            slot.Establish();
            result = result with { Transport = new CountedTransport(transport, slot), Path = plan.Path };
            slot = null;
            return result;
        }
        finally
        {
            slot?.Dispose();
        }
    }

    /// <summary>Follows a plan. While the process is out of handles it waits, since no other peer could be dialled either.</summary>
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
        ImmutableArray<DialRoute> routes = [.. plan.Routes.Where(_race.Has)];
        if (routes.IsEmpty)
            return DialResult.Failure(DisconnectReason.NetworkError, "there is no way to connect");
        using CancellationTokenSource deadline = new(WholePlan, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        DialResult? first = null;
        while (!routes.IsEmpty)
        {
            (DialResult result, DialRoute? turnedAway) =
                await TryEachBeginningAsync(plan with { Routes = routes }, ours, either.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            if (result.Transport is not null)
                return result;

            // The last attempts are the least likely: if all fail, the first failure says most.
            first ??= result;
            if (turnedAway is null)
                break;

            // Some peers listen on a route, but close every connection over it.
            routes = routes.Remove(turnedAway);
        }

        return first!.Value;
    }

    /// <summary>Tries plain and encrypted handshakes in the plan's order. Also returns the route over which all were rejected.</summary>
    private async Task<(DialResult Result, DialRoute? TurnedAway)> TryEachBeginningAsync(
        DialPlan plan, Handshake ours, CancellationToken cancellationToken)
    {
        DialResult? first = null;
        foreach (bool isEncrypted in plan.Encrypted)
        {
            (DialResult attempt, DialRoute? route, bool mayBeOtherwise) =
                await TryAsync(plan, ours, isEncrypted, cancellationToken).ConfigureAwait(false);
            if (attempt.Transport is not null)
                return (attempt, null);
            first ??= attempt;
            if (!mayBeOtherwise || cancellationToken.IsCancellationRequested)
                return (first.Value, null);

            // The peer was reached over this route: only the kind of handshake is open.
            plan = plan with { Routes = [route!] };
        }

        return (first!.Value, plan.Routes[0]);
    }

    private async Task<(DialResult Result, DialRoute? Route, bool MayBeOtherwise)> TryAsync(
        DialPlan plan, Handshake ours, bool isEncrypted, CancellationToken cancellationToken)
    {
        ITransport? transport = null;
        try
        {
            (transport, DialRoute route) = await _race.RunAsync(
                plan.Target, plan.Routes, failed => Report(failed, isGood: false), cancellationToken).ConfigureAwait(false);
            HandshakeResult shaken = await _handshaker.DialAsync(transport, ours, isEncrypted, cancellationToken).ConfigureAwait(false);
            Report(route, shaken.Transport is not null);
            if (shaken.Transport is null)
                return (DialResult.Failure(shaken.Reason, shaken.Detail) with { WasReached = true }, route, shaken.MayBeOtherwise);
            transport = null;
            return (new DialResult(shaken.Transport, shaken.Theirs, default, null), route, false);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested
            && e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            return (DialResult.Failure(DisconnectReason.TimedOut), null, false);
        }
        catch (SocketException e) when (!SocketErrors.IsShortage(e.SocketErrorCode))
        {
            return (DialResult.Failure(SocketErrors.Classify(e.SocketErrorCode), e.Message), null, false);
        }
        catch (ObjectDisposedException e)
        {
            return (DialResult.Failure(DisconnectReason.NetworkError, e.Message), null, false);
        }
        finally
        {
            transport?.Abort();
        }

        void Report(DialRoute route, bool isGood) =>
            OnAttempt?.Invoke(new DialAttempt(plan.Target, route.Transport, plan.Path, isEncrypted, isGood));
    }
}

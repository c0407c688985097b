using System.Net;
using System.Net.Sockets;
using Freshet.Core;

namespace Freshet.Connections;

/// <summary>
/// Listens for peers, for all torrents of a session. A connection is matched by its info-hash before a torrent hears of it. Accepting waits
/// for nobody: connections that have not shaken hands have a <see cref="FairRoom"/>, and little time, so that silent strangers, however many
/// and however slow, keep nobody out.
/// </summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly ConnectionBudget _budget;
    private readonly FairRoom _strangers;
    private readonly IIncomingPeers _peers;
    private readonly TimeProvider _time;
    private readonly PeerHandshaker _handshaker;
    private readonly LiveConnections _handshakes = new();
    private readonly List<Socket> _sockets = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    private PeerListener(ConnectionBudget budget, IIncomingPeers peers, int maxHandshakes, TimeProvider time)
    {
        _budget = budget;
        _strangers = new FairRoom(maxHandshakes, TimeSpan.FromSeconds(Limits.HandshakeGraceSeconds), time);
        _peers = peers;
        _time = time;
        _handshaker = new PeerHandshaker(time);
    }

    /// <summary>Where it listens, with the ports that the system has chosen.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <summary>Incoming connections that have not shaken hands.</summary>
    public int Handshakes => _handshakes.Count;

    /// <summary>What to listen on for every address of both families, as far as the system has them.</summary>
    public static IReadOnlyList<IPEndPoint> AnyAddress(int port) =>
        Socket.OSSupportsIPv6 && Socket.OSSupportsIPv4 ? [new(IPAddress.Any, port), new(IPAddress.IPv6Any, port)]
        : Socket.OSSupportsIPv6 ? [new(IPAddress.IPv6Any, port)]
        : [new(IPAddress.Any, port)];

    /// <summary>Begins to listen. Of several endpoints with port 0 the later ones get the first one's port, if it is free there.</summary>
    /// <param name="endPoints">Where to listen.</param>
    /// <param name="budget">The session's bound on connections.</param>
    /// <param name="peers">Where connections find their torrents.</param>
    /// <param name="maxHandshakes">The most connections without a handshake for more than a moment; see <see cref="FairRoom"/>.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="ListenFailedException">One of the endpoints cannot be had; none is listened on then.</exception>
    public static PeerListener Start(
        IReadOnlyList<IPEndPoint> endPoints, ConnectionBudget budget, IIncomingPeers peers, int maxHandshakes, TimeProvider? time = null)
    {
        PeerListener listener = new(budget, peers, maxHandshakes, time ?? TimeProvider.System);
        try
        {
            int chosen = 0;
            foreach (IPEndPoint endPoint in endPoints)
            {
                Socket socket = endPoint.Port == 0 && chosen != 0 ? ListenNear(endPoint, chosen) : Listen(endPoint);
                listener._sockets.Add(socket);
                chosen = ((IPEndPoint)socket.LocalEndPoint!).Port;
            }
        }
        catch
        {
            listener._sockets.ForEach(static socket => socket.Dispose());
            throw;
        }

        listener.EndPoints = [.. listener._sockets.Select(static socket => (IPEndPoint)socket.LocalEndPoint!)];
        listener._accepting = Task.WhenAll(listener._sockets.Select(listener.AcceptAsync));
        return listener;
    }

    /// <summary>Stops listening, and ends the connections whose handshakes are not done.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        _sockets.ForEach(static socket => socket.Dispose());
        await _accepting.ConfigureAwait(false);
        if (await _handshakes.WaitForNoneAsync(TimeSpan.FromSeconds(Limits.ConnectionEndSeconds), _time).ConfigureAwait(false) == 0)
            _stop.Dispose();
    }

    private static Socket ListenNear(IPEndPoint endPoint, int port)
    {
        try
        {
            return Listen(new IPEndPoint(endPoint.Address, port));
        }
        catch (ListenFailedException)
        {
            return Listen(endPoint);
        }
    }

    private static Socket Listen(IPEndPoint endPoint)
    {
        Socket? socket = null;
        try
        {
            socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);

            // So that an IPv4 socket can have the same port, and addresses come as what they are.
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false;
            socket.Bind(endPoint);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new ListenFailedException(Explain(endPoint, e), e);
        }
    }

    private static string Explain(IPEndPoint endPoint, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse =>
            $"Port {endPoint.Port} of {endPoint.Address} is taken by another program; choose another, or 0 to let the system choose.",
        SocketError.AccessDenied => $"Port {endPoint.Port} of {endPoint.Address} is not allowed to this user; choose one above 1023.",
        SocketError.AddressNotAvailable => $"{endPoint.Address} is no address of this machine; name one that is.",
        _ => $"Cannot listen on {endPoint}: {e.Message}",
    };

    private async Task AcceptAsync(Socket listening)
    {
        TimeSpan pause = TimeSpan.Zero;
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
                Socket? accepted = await TryAcceptAsync(listening).ConfigureAwait(false);
                if (accepted is null)
                {
                    // Out of handles, mostly: it helps to wait until some are closed.
                    pause = pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                    continue;
                }

                pause = TimeSpan.Zero;
                if (_budget.IsFull)
                    accepted.Dispose();
                else
                    _handshakes.Add(ShakeHandsAsync(accepted));
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    private async ValueTask<Socket?> TryAcceptAsync(Socket listening)
    {
        while (true)
        {
            try
            {
                return await listening.AcceptAsync(_stop.Token).ConfigureAwait(false);
            }
            catch (SocketException e) when (SocketErrors.Classify(e.SocketErrorCode) == Core.Peers.DisconnectReason.ClosedByPeer)
            {
                // One that left before it was accepted: the next, please.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (e is SocketException { SocketErrorCode: var code } && SocketErrors.IsShortage(code))
                    _budget.OnShortage?.Invoke();
                return null;
            }
        }
    }

    private async Task ShakeHandsAsync(Socket socket)
    {
        TcpTransport transport;
        try
        {
            transport = new TcpTransport(socket);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer left at once.
            socket.Dispose();
            return;
        }

        TcpTransport? unclaimed = transport;
        try
        {
            HandshakeResult result;
            using (_strangers.Enter(transport.RemoteEndPoint.Address, transport.Abort))
                result = await AnswerAsync(transport).ConfigureAwait(false);
            if (!result.Succeeded || _budget.TryTake() is not { } slot)
                return;
            unclaimed = null;
            _peers.OnConnected(new CountedTransport(transport, slot), result.Theirs);
        }
        catch (OperationCanceledException)
        {
            // The listener stops.
        }
        finally
        {
            unclaimed?.Dispose();
        }
    }

    // On another thread from the first byte on: the next connection is to be accepted.
    private async Task<HandshakeResult> AnswerAsync(TcpTransport transport)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await _handshaker.AnswerAsync(
            transport, infoHash => _peers.FindAsync(infoHash, transport.RemoteEndPoint, _stop.Token), _stop.Token).ConfigureAwait(false);
    }
}

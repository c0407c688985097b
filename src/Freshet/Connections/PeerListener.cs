using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>
/// Listens for the peers of all torrents of a session. A connection is matched by its info-hash before it reaches a torrent. Accepting
/// never waits for a peer: connections before their handshake are kept in a <see cref="FairRoom"/>, with little time, so that silent
/// strangers, however many and however slow, crowd out nobody.
/// </summary>
internal sealed class PeerListener : IAsyncDisposable
{
    private const int Backlog = 512;
    private const int PortsTried = 8;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);

    private readonly ConnectionBudget _budget;
    private readonly FairRoom _strangers;
    private readonly bool _refusesTcp;
    private readonly AddressFilter _filter;
    private readonly IIncomingPeers _peers;
    private readonly TimeProvider _time;
    private readonly PeerHandshaker _handshaker;
    private readonly LiveConnections _handshakes = new();
    private readonly NetworkBinding _binding;
    private readonly List<Socket> _sockets = [];
    private readonly List<Task> _accepting = [];
    private readonly Lock _renewing = new();
    private readonly CancellationTokenSource _stop = new();
    private int _epoch;

    private PeerListener(PeerListenerOptions options, ConnectionBudget budget, IIncomingPeers peers)
    {
        _budget = budget;
        _binding = options.Binding;
        _epoch = options.Binding.Epoch;
        _refusesTcp = options.RefusesTcp;
        _filter = options.Binding.Filter;
        _strangers = new FairRoom(options.MaxHandshakes, TimeSpan.FromSeconds(ConnectionLimits.HandshakeGraceSeconds), options.Time);
        _peers = peers;
        _time = options.Time;
        _handshaker = new PeerHandshaker(options.Encryption, options.Agreements, options.Time);
    }

    /// <summary>The endpoints it listens on, with the ports chosen by the system.</summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <summary>The number of incoming connections before their handshake.</summary>
    public int Handshakes => _handshakes.Count;

    /// <summary>
    /// Starts listening over every family that the binding allows. If the system chooses the port, the second family gets the same port if
    /// it is free, and so does UDP.
    /// </summary>
    /// <param name="options">Where and how to listen.</param>
    /// <param name="budget">The session's limits on connections.</param>
    /// <param name="peers">Finds the torrents of connections.</param>
    /// <exception cref="ListenFailedException">The port is not available over one of the families; nothing is listened on then.</exception>
    public static PeerListener Start(PeerListenerOptions options, ConnectionBudget budget, IIncomingPeers peers)
    {
        NetworkBinding binding = options.Binding;
        if (binding.Trouble is { } trouble)
            throw new ListenFailedException(Explain(binding, trouble), new SocketException((int)SocketError.AddressNotAvailable));
        PeerListener listener = new(options, budget, peers);
        listener._sockets.AddRange(options is { WantsUdp: true, Port: 0 } ? ListenBesideUdp(options) : Listen(options));
        listener.EndPoints = listener.EndPointsNow();
        listener._accepting.AddRange(listener._sockets.Select(listener.AcceptAsync));
        return listener;
    }

    /// <summary>
    /// Follows the current addresses of the binding, with the same port: stops listening on those that are gone, and starts on new ones.
    /// Returns whether anything has changed. Called every second: a port that is taken is retried.
    /// </summary>
    public bool Renew()
    {
        lock (_renewing)
        {
            if (_stop.IsCancellationRequested)
                return false;
            bool hasChanged = false;
            if (_binding.WhyCut(ref _epoch) is not null)
                CloseSockets();
            if (_binding.Trouble is not null)
                return false;
            foreach (AddressFamily family in _binding.Families)
            {
                if (!_sockets.Exists(socket => socket.AddressFamily == family) && TryListen(family) is { } socket)
                {
                    _sockets.Add(socket);
                    _accepting.RemoveAll(static task => task.IsCompleted);
                    _accepting.Add(AcceptAsync(socket));
                    hasChanged = true;
                }
            }

            if (hasChanged)
                EndPoints = EndPointsNow();
            return hasChanged;
        }
    }

    /// <summary>Adds a connection made over a transport other than TCP; false if there is no room.</summary>
    public bool TryAdd(ITransport transport)
    {
        if (_budget.IsFull || _stop.IsCancellationRequested || _filter.IsBlocked(transport.RemoteEndPoint))
            return false;
        _handshakes.Add(ShakeHandsAsync(transport));
        return true;
    }

    /// <summary>Stops listening, and ends the connections before their handshake.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Task[] accepting;
        lock (_renewing)
        {
            CloseSockets();
            accepting = [.. _accepting];
        }

        await Task.WhenAll(accepting).ConfigureAwait(false);
        if (await _handshakes.WaitForNoneAsync(TimeSpan.FromSeconds(ConnectionLimits.EndSeconds), _time).ConfigureAwait(false) == 0)
            _stop.Dispose();
    }

    /// <summary>Listens on a port that the system chooses, and that is free for UDP too if one is found.</summary>
    private static List<Socket> ListenBesideUdp(PeerListenerOptions options)
    {
        // Those that are not free stay in use meanwhile, so that the system chooses others.
        List<Socket> tried = [];
        try
        {
            for (int i = 1; i < PortsTried; i++)
            {
                List<Socket> sockets = Listen(options with { RefusesTcp = false });
                if (TakenForUdp(options.Binding, sockets) is null)
                    return sockets;
                tried.AddRange(sockets);
            }

            return Listen(options);
        }
        finally
        {
            tried.ForEach(static socket => socket.Dispose());
        }
    }

    private static List<Socket> Listen(PeerListenerOptions options)
    {
        List<Socket> sockets = [];
        try
        {
            int chosen = 0;
            foreach (AddressFamily family in options.Binding.Families)
            {
                Socket socket = options.Port == 0 && chosen != 0
                    ? ListenNear(options.Binding, family, chosen)
                    : Listen(options.Binding, family, options.Port);
                sockets.Add(socket);
                chosen = ((IPEndPoint)socket.LocalEndPoint!).Port;
            }

            if (options.RefusesTcp && TakenForUdp(options.Binding, sockets) is { } taken)
                throw taken;
            return sockets;
        }
        catch
        {
            sockets.ForEach(static socket => socket.Dispose());
            throw;
        }
    }

    /// <summary>Null if the ports of some sockets are free for UDP, otherwise why not.</summary>
    private static ListenFailedException? TakenForUdp(NetworkBinding binding, List<Socket> sockets)
    {
        foreach (Socket socket in sockets)
        {
            IPEndPoint endPoint = (IPEndPoint)socket.LocalEndPoint!;
            try
            {
                binding.OpenAt(socket.AddressFamily, SocketType.Dgram, endPoint.Port).Dispose();
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.AddressAlreadyInUse or SocketError.AccessDenied)
            {
                return new ListenFailedException(
                    $"UDP port {endPoint.Port} of {endPoint.Address} is taken by another program, so that nobody could connect over uTP; "
                    + "choose another, or 0 to let the system choose.",
                    e);
            }
            catch (SocketException)
            {
                // Whoever uses UDP retries, and reports it.
            }
        }

        return null;
    }

    private IReadOnlyList<IPEndPoint> EndPointsNow() => [.. _sockets.Select(static socket => (IPEndPoint)socket.LocalEndPoint!)];

    private void CloseSockets()
    {
        _sockets.ForEach(static socket => socket.Dispose());
        _sockets.Clear();
    }

    private Socket? TryListen(AddressFamily family)
    {
        try
        {
            return Listen(_binding, family, EndPoints[0].Port);
        }
        catch (ListenFailedException)
        {
            return null;
        }
    }

    private static Socket ListenNear(NetworkBinding binding, AddressFamily family, int port)
    {
        try
        {
            return Listen(binding, family, port);
        }
        catch (ListenFailedException)
        {
            return Listen(binding, family, 0);
        }
    }

    private static Socket Listen(NetworkBinding binding, AddressFamily family, int port)
    {
        Socket? socket = null;
        try
        {
            socket = binding.OpenAt(family, SocketType.Stream, port);
            socket.Listen(Backlog);
            return socket;
        }
        catch (SocketException e)
        {
            socket?.Dispose();
            throw new ListenFailedException(Explain(binding.EndPointFor(family, port), e), e);
        }
    }

    private static string Explain(NetworkBinding binding, string trouble)
    {
        if (binding.Target?.InterfaceName is null)
            return trouble + ".";
        IEnumerable<string> others = binding.ReadInterfaces().Where(static other => other.IsUp).Select(static other => other.Name);
        return $"{trouble}. Those that are up: {string.Join(", ", others.Order(StringComparer.Ordinal))}.";
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
            while (!_stop.IsCancellationRequested && !listening.SafeHandle.IsClosed)
            {
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, _time, _stop.Token).ConfigureAwait(false);
                Socket? accepted = await TryAcceptAsync(listening).ConfigureAwait(false);
                if (accepted is null)
                {
                    // Usually out of handles: it helps to wait until some are closed.
                    pause = pause == TimeSpan.Zero ? FirstPause : TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
                    continue;
                }

                pause = TimeSpan.Zero;
                if (_budget.IsFull || _refusesTcp || IsBlocked(accepted))
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

    private bool IsBlocked(Socket accepted)
    {
        try
        {
            return accepted.RemoteEndPoint is IPEndPoint remote && _filter.IsBlocked(remote);
        }
        catch (SocketException)
        {
            // The peer left at once; the handshake will notice.
            return false;
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
            catch (SocketException e) when (SocketErrors.Classify(e.SocketErrorCode) == DisconnectReason.ClosedByPeer)
            {
                // The peer left before it was accepted: continue with the next.
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

        await ShakeHandsAsync(transport).ConfigureAwait(false);
    }

    private async Task ShakeHandsAsync(ITransport transport)
    {
        ITransport? unclaimed = transport;

        // Deliberately not disposed: it may be cancelled while the place is being given back, and it holds nothing that needs disposal.
        CancellationTokenSource evicted = new();
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(evicted.Token, _stop.Token);

        // Its handle is free at once, though the handshake may not have begun: crowds arrive faster than handshakes begin.
        void Evict()
        {
            evicted.Cancel();
            PeerHandshaker.TurnAway(transport);
        }

        try
        {
            HandshakeResult result;
            using (_strangers.Enter(transport.RemoteEndPoint.Address, Evict))
                result = await AnswerAsync(transport, either.Token).ConfigureAwait(false);
            if (result.Transport is not { } connected || _budget.TryTake() is not { } slot)
                return;
            unclaimed = null;
            _peers.OnConnected(new CountedTransport(connected, slot), result.Theirs);
        }
        catch (OperationCanceledException)
        {
            // It had to make room for others, or the listener is stopping.
        }
        finally
        {
            unclaimed?.Dispose();
        }
    }

    // On another thread from the first byte on, so that the next connection can be accepted.
    private async Task<HandshakeResult> AnswerAsync(ITransport transport, CancellationToken cancellationToken)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return await _handshaker.AnswerAsync(transport, _peers, cancellationToken).ConfigureAwait(false);
    }
}

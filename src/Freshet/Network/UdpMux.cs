using System.Net;
using System.Net.Sockets;
using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Network;

/// <summary>
/// The owner of a session's UDP port, with one socket for each family. Protocols share it and are told apart by what they claim. It has its
/// own loop, on which protocols are called and may send. Without a registered protocol there is no socket and no cost. Behind a proxy there
/// is one socket for both families, which exchanges datagrams with the proxy only.
/// </summary>
/// <remarks>
/// Nothing is allocated per datagram. What a protocol sends within one call is sent together when it returns; what the socket does not take
/// waits in a bounded queue, and what does not fit there is dropped and counted. A socket that fails is reopened after a second.
/// Where this machine has several addresses, the system sends from the one that the route prefers, and whoever has asked another one does
/// not recognise that answer. So a datagram is answered from the address that it was sent to, as long as it is handled. For later, a
/// protocol with connections keeps <see cref="Asked"/> with each: by the sender alone it cannot be known, since anybody can send in its
/// name, and it may ask one address for one thing and another one for another.
/// </remarks>
internal sealed class UdpMux : IAsyncDisposable
{
    private static readonly TimeSpan BeforeNewSocket = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeforeNextSend = TimeSpan.FromMilliseconds(2);

    private readonly UdpMuxOptions _options;
    private readonly EventLoop _loop;
    private readonly TurnEnd _turn;
    private readonly ITimer _timer;
    private readonly List<IDatagramProtocol> _protocols = [];
    private readonly List<UdpPort> _ports = [];
    private readonly List<Task> _running = [];
    private readonly UdpRelaying? _relaying;
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Timestamp _reopen = Timestamp.Never;
    private Timestamp _resend = Timestamp.Never;
    private Timestamp _alarm = Timestamp.Never;
    private UdpAddress _sender;
    private int _port;
    private bool _isOtherPort;
    private int _epoch;
    private bool _isClosed;
    private long _received;
    private long _unclaimed;
    private long _queued;
    private long _dropped;
    private long _failed;

    public UdpMux(UdpMuxOptions options)
    {
        _options = options;
        _port = options.Port;
        _epoch = options.Binding.Epoch;
        _loop = new EventLoop(options.OnFault);
        if (options.Proxy is { } proxy)
            _relaying = new UdpRelaying(proxy, options.OnTrouble, options.Time);
        _turn = new TurnEnd(this);
        _timer = options.Time.CreateTimer(
            static mux => ((UdpMux)mux!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The names that are sent to and that a proxy looks up; null if there is no proxy.</summary>
    public RelayedNames? Names => _relaying?.Names;

    /// <summary>Why the proxy does not relay, for people; null if it does, was not asked yet, or there is none.</summary>
    public string? Trouble => _relaying?.Trouble;

    /// <summary>
    /// Where datagrams are received; nowhere while no protocol is registered, and nowhere that we know of behind a proxy.
    /// </summary>
    public IReadOnlyList<IPEndPoint> EndPoints { get; private set; } = [];

    /// <summary>
    /// The address of ours that the datagram which is being handled was sent to; null if there is only one, or none is being handled. On
    /// the loop.
    /// </summary>
    public UdpAddress? Asked { get; private set; }

    public UdpStatistics Statistics => new(
        Volatile.Read(ref _received),
        Volatile.Read(ref _unclaimed),
        Volatile.Read(ref _queued),
        Volatile.Read(ref _dropped),
        Volatile.Read(ref _failed));

    private Timestamp Now => _options.Time.Now();

    /// <summary>Registers a protocol: those registered first are asked first. Called from any thread.</summary>
    public void Register(IDatagramProtocol protocol) => Post(() =>
    {
        if (_protocols.Count == NetworkLimits.MaxDatagramProtocols)
            throw new InvalidOperationException($"More than {NetworkLimits.MaxDatagramProtocols} protocols share one port.");
        _protocols.Add(protocol);
        if (_protocols.Count == 1)
            Open();
    });

    /// <summary>Unregisters a protocol; with the last one the sockets are closed. Called from any thread.</summary>
    public void Unregister(IDatagramProtocol protocol) => Post(() =>
    {
        if (_protocols.Remove(protocol) && _protocols.Count == 0)
            Close();
    });

    /// <summary>
    /// Waits until a proxy that is there relays, for a protocol that is registered, so that what is sent first is not lost. Null, or why
    /// it does not, in words. Called from any thread.
    /// </summary>
    public async Task<string?> WhenOpenAsync(CancellationToken cancellationToken)
    {
        if (_relaying is null)
            return null;
        Task<string?> answer = await OnLoopAsync(() => _ports.Count > 0 ? Task.FromResult<string?>(null) : _relaying.Answer)
            .WaitAsync(cancellationToken).ConfigureAwait(false);
        return await answer.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Runs an action on the loop, where protocols live and <see cref="Send"/> may be called. Called from any thread.</summary>
    public void Post(Action action) => _loop.Post(() =>
    {
        try
        {
            action();
        }
        finally
        {
            EndTurn();
        }
    });

    /// <summary>Runs an item on the loop, as <see cref="Post(Action)"/>; nothing is allocated. Called from any thread.</summary>
    public void Post(ILoopItem item)
    {
        _loop.Post(item);
        _loop.Post(_turn);
    }

    /// <summary>
    /// Sends a datagram, on the loop, as <see cref="Send"/>; but where there is no room, it is neither dropped nor counted, and false.
    /// </summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="target">Where to.</param>
    /// <param name="own">
    /// The address of ours that it leaves by, as <see cref="Asked"/> said; null for the one that the system chooses.
    /// </param>
    /// <param name="dontFragment">Whether it is lost if the path cannot carry it in one piece.</param>
    public bool TrySend(ReadOnlySpan<byte> datagram, UdpAddress target, UdpAddress? own, bool dontFragment = false)
    {
        _loop.AssertCurrent();
        if (PortFor(target) is not { } port || IsBlocked(target))
        {
            // Treated as lost.
            _dropped++;
            return true;
        }

        if (port.Queue.IsFull)
            Flush(port, Now);
        if (port.TryAdd(datagram, target, own, dontFragment))
        {
            _queued++;
            return true;
        }

        if (port.Queue.IsFull)
            return false;

        // Too long, or to a target that the proxy cannot be told: it would not be taken later either.
        _dropped++;
        return true;
    }

    /// <summary>
    /// Sends a datagram, on the loop; false if it was dropped. To the sender of the datagram that is being handled it leaves by the address
    /// that was asked.
    /// </summary>
    public bool Send(ReadOnlySpan<byte> datagram, UdpAddress target)
    {
        _loop.AssertCurrent();
        UdpAddress? own = target == _sender ? Asked : null;
        if (PortFor(target) is { } port && !IsBlocked(target) && port.TryAdd(datagram, target, own))
        {
            _queued++;
            return true;
        }

        _dropped++;
        return false;
    }

    /// <summary>
    /// The addresses of the binding have gone or changed or come back, or may have. Without one there is no socket, since the system would
    /// send by others.
    /// Called from any thread.
    /// </summary>
    public void OnAddressChanged() => Post(() =>
    {
        if (_options.Binding.WhyCut(ref _epoch) is not null)
            Close();
        Open();
    });

    /// <summary>Closes the sockets; protocols get no more calls.</summary>
    public async ValueTask DisposeAsync()
    {
        Post(() =>
        {
            _isClosed = true;
            _protocols.Clear();
            Close();
            _relaying?.Dispose();
            _closed.TrySetResult();
        });
        await _closed.Task.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
        await Task.WhenAll(_running).ConfigureAwait(false);
    }

    /// <summary>Hands over what a port has received. Called by the port, on the loop.</summary>
    internal void OnReceived(UdpPort port, int count)
    {
        _loop.AssertCurrent();
        Timestamp now = Now;
        _unclaimed += port.Socket.Truncated;
        for (int i = 0; i < count; i++)
        {
            if (!port.TryRead(i, out ReadOnlySpan<byte> datagram, out UdpAddress sender, out UdpAddress? own))
            {
                _unclaimed++;
                continue;
            }

            (_sender, Asked) = (sender, own);
            HandOver(datagram, sender, now);
        }

        (_sender, Asked) = (default, null);
        foreach (IDatagramProtocol protocol in _protocols)
            Guarded(protocol, now, static (protocol, now) => protocol.OnBatchEnd(now));
        EndTurn();
    }

    private UdpPort? PortFor(UdpAddress target)
    {
        foreach (UdpPort port in _ports)
        {
            if (port.Reaches(target))
                return port;
        }

        return null;
    }

    private void OnTimer() => Post(() => _alarm = Timestamp.Never);

    private bool IsBlocked(UdpAddress address) => address.IsIn(_options.Binding.Filter.Blocked);

    private void HandOver(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now)
    {
        if (IsBlocked(sender))
        {
            _unclaimed++;
            return;
        }

#pragma warning disable CA1031 // A bug of one protocol, brought about by one datagram, is not to cost the others theirs.
        try
        {
            foreach (IDatagramProtocol protocol in _protocols)
            {
                if (!protocol.Claims(datagram, sender))
                    continue;
                _received++;
                protocol.OnDatagram(datagram, sender, now);
                return;
            }

            _unclaimed++;
        }
        catch (Exception e)
        {
            Faults.Report(_options.OnFault, e);
        }
#pragma warning restore CA1031
    }

    private void Guarded(IDatagramProtocol protocol, Timestamp now, Action<IDatagramProtocol, Timestamp> call)
    {
#pragma warning disable CA1031 // As above.
        try
        {
            call(protocol, now);
        }
        catch (Exception e)
        {
            Faults.Report(_options.OnFault, e);
        }
#pragma warning restore CA1031
    }

    /// <summary>At the end of every turn of the loop: does what is due, sends what is queued, and sets the timer.</summary>
    private void EndTurn()
    {
        Timestamp now = Now;
        if (_reopen <= now)
            Open();
        Timestamp next = _reopen;
        foreach (IDatagramProtocol protocol in _protocols)
        {
            if (protocol.NextDeadline <= now)
                Guarded(protocol, now, static (protocol, now) => protocol.OnDeadline(now));
            next = Timestamp.Min(next, protocol.NextDeadline);
        }

        _resend = Timestamp.Never;
        foreach (UdpPort port in _ports)
            Flush(port, now);
        SetTimer(Timestamp.Min(next, _resend), now);
    }

    private void Flush(UdpPort port, Timestamp now)
    {
        if (port.Queue.Count == 0)
            return;
        try
        {
            _failed += port.Socket.Send(port.Queue);
        }
        catch (ObjectDisposedException)
        {
            // The port has failed, which is about to be noticed.
            return;
        }

        if (port.Queue.Count > 0)
            _resend = now + BeforeNextSend;
    }

    private void SetTimer(Timestamp next, Timestamp now)
    {
        if (_isClosed || next == _alarm)
            return;
        _alarm = next;

        // Timers have a resolution of a millisecond.
        TimeSpan wait = next == Timestamp.Never
            ? Timeout.InfiniteTimeSpan
            : TimeSpan.FromMilliseconds(Math.Max(1, Math.Ceiling((next - now).TotalMilliseconds)));
        _timer.Change(wait, Timeout.InfiniteTimeSpan);
    }

    private void Open()
    {
        _reopen = Timestamp.Never;
        if (_isClosed || _protocols.Count == 0 || _options.Binding.Trouble is not null)
            return;
        if (_relaying is not null)
        {
            if (_ports.Count == 0 && _relaying.TryBegin())
                Run(AskProxyAsync(_relaying));
            return;
        }

        foreach (AddressFamily family in _options.Families)
        {
            if (_options.Binding.Allows(family) && _ports.TrueForAll(port => port.LocalEndPoint.AddressFamily != family) && IsThere(family))
                OpenPort(family);
        }

        EndPoints = [.. _ports.Select(port => port.LocalEndPoint)];
    }

    private void OpenPort(AddressFamily family)
    {
        UdpPort port;
        try
        {
            port = new UdpPort(this, _loop, DatagramSocket.Open(_options, family, _port));
        }
        catch (SocketException)
        {
            // No handle or no address for now: retry later.
            _reopen = Now + BeforeNewSocket;
            return;
        }

        int wanted = _port;
        int opened = port.LocalEndPoint.Port;

        // The other family gets the same port, and so does every later socket.
        if (_ports.Count == 0)
            _port = opened;
        if (wanted != 0 && opened != wanted && !_isOtherPort)
        {
            _isOtherPort = true;
            _options.OnOtherPort(opened);
        }

        Add(port);
    }

    private async Task AskProxyAsync(UdpRelaying relaying)
    {
        UdpRelay? relay = await relaying.AskAsync().ConfigureAwait(false);
        Post(() =>
        {
            UdpPort? port = null;
            try
            {
                if (relay is not null && !_isClosed && _protocols.Count > 0 && _options.Binding.Trouble is null)
                    port = new UdpPort(this, _loop, DatagramSocket.OpenFor(_options, relay.Address), relay);
            }
            catch (SocketException e)
            {
                relaying.OnFailed(e.Message);
            }

            relaying.End(isOpen: port is not null);
            if (port is not null)
                Add(port);
            else
                relay?.Dispose();
            if (port is null && !_isClosed)
                _reopen = Now + relaying.Pause;
        });
    }

    private void Add(UdpPort port)
    {
        _ports.Add(port);
        Run(WatchAsync(port));
    }

    private void Run(Task task)
    {
        _running.RemoveAll(static task => task.IsCompleted);
        _running.Add(task);
    }

    private Task<T> OnLoopAsync<T>(Func<T> get)
    {
        TaskCompletionSource<T> result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Post(() => result.SetResult(get()));
        return result.Task;
    }

    /// <summary>Lets a port run, and has another made when it has failed.</summary>
    private async Task WatchAsync(UdpPort port)
    {
        await Task.Run(port.RunAsync).ConfigureAwait(false);
        Post(() =>
        {
            if (!_ports.Remove(port))
                return;
            port.Dispose();
            EndPoints = [.. _ports.Select(other => other.LocalEndPoint)];
            _dropped += port.Queue.Count;
            _reopen = Now + BeforeNewSocket;
        });
    }

    private void Close()
    {
        foreach (UdpPort port in _ports)
        {
            port.Dispose();
            _dropped += port.Queue.Count;
        }

        _ports.Clear();
        EndPoints = [];
        _reopen = Timestamp.Never;
    }

    /// <summary>Ends the turn of an item that was posted.</summary>
    private sealed class TurnEnd(UdpMux mux) : ILoopItem
    {
        public void Run() => mux.EndTurn();
    }

    private static bool IsThere(AddressFamily family) =>
        family == AddressFamily.InterNetworkV6 ? Socket.OSSupportsIPv6 : Socket.OSSupportsIPv4;
}

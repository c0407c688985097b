using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Rates;
using Freshet.Core.Utp;
using Freshet.Loops;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>
/// uTP on a session's UDP port. Its machine is used on the port's loop alone; transports, on any thread, queue themselves when they need
/// attention, and the loop is woken once for all that are queued.
/// </summary>
internal sealed class UtpProtocol : IDatagramProtocol, IUtpEffects<UdpAddress>, ILoopItem, IAsyncDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly UdpMux _mux;
    private readonly TimeProvider _time;
    private readonly UtpMachine<UdpAddress> _machine;
    private readonly ConcurrentQueue<UtpTransport> _touched = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _isPosted;
    private bool _isStopping;

    /// <param name="mux">The owner of the port.</param>
    /// <param name="options">Limits and secrets.</param>
    /// <param name="random">Chooses connection ids.</param>
    /// <param name="time">The clock.</param>
    public UtpProtocol(UdpMux mux, UtpMachineOptions options, Random random, TimeProvider time)
    {
        _mux = mux;
        _time = time;
        _machine = new UtpMachine<UdpAddress>(this, options, random);
    }

    /// <summary>Receives incoming connections, on the loop; null if none are accepted. Returns false if there is no room.</summary>
    public Func<UtpTransport, bool>? OnIncoming { get; init; }

    /// <summary>Why nothing can be sent, for people; null if sending works.</summary>
    public string? Trouble => _mux.Trouble;

    /// <summary>The number of connections, including those that are opening or closing; on the loop.</summary>
    public int Connections => _machine.Count;

    public Timestamp NextDeadline => _machine.NextDeadline;

    private Timestamp Now => _time.Now();

    /// <summary>Starts receiving from the port.</summary>
    public void Start() => _mux.Register(this);

    /// <summary>Starts connecting; the transport reports when it is connected.</summary>
    /// <exception cref="SocketException">There is no socket of the target's family.</exception>
    public UtpTransport Connect(IPEndPoint target)
    {
        UtpTransport transport = new(this, LocalOf(target), target);
        _mux.Post(() => transport.Open(_isStopping ? null : _machine.Connect(UdpAddress.From(target), transport, Now)));
        Touch(transport);
        return transport;
    }

    /// <summary>Queues a transport that needs attention. Called from any thread.</summary>
    public void Touch(UtpTransport transport)
    {
        if (!transport.TryMarkTouched())
            return;
        _touched.Enqueue(transport);
        if (Interlocked.Exchange(ref _isPosted, 1) == 0)
            _mux.Post(this);
    }

    /// <summary>Lets closing connections finish, for a moment, and ends the rest.</summary>
    public async ValueTask DisposeAsync()
    {
        _mux.Post(() =>
        {
            _isStopping = true;
            EndIfEmpty();
        });
        await _empty.Task.WaitAsync(Farewell, _time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _mux.Post(() => _machine.Abort(Now));
        _mux.Unregister(this);
    }

    void ILoopItem.Run()
    {
        Interlocked.Exchange(ref _isPosted, 0);
        Timestamp now = Now;
        while (_touched.TryDequeue(out UtpTransport? transport))
        {
            if (transport.OnTouched(now) is { } connection)
                _machine.Touch(connection);
        }

        OnBatchEnd(now);
    }

    bool IDatagramProtocol.Claims(ReadOnlySpan<byte> datagram, UdpAddress sender) => UtpHeader.IsPacket(datagram);

    void IDatagramProtocol.OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now) =>
        _machine.OnDatagram(datagram, sender, now, _mux.Asked);

    public void OnBatchEnd(Timestamp now)
    {
        _machine.OnBatchEnd(now);
        EndIfEmpty();
    }

    void IDatagramProtocol.OnDeadline(Timestamp now)
    {
        _machine.OnDeadline(now);
        EndIfEmpty();
    }

    bool IUtpEffects<UdpAddress>.TrySend(ReadOnlySpan<byte> datagram, UdpAddress target, UdpAddress? own, bool dontFragment) =>
        _mux.TrySend(datagram, target, own, dontFragment);

    IUtpStream? IUtpEffects<UdpAddress>.Accept(UdpAddress sender)
    {
        if (_isStopping || OnIncoming is not { } accept)
            return null;
        IPEndPoint remote = sender.ToEndPoint();
        UtpTransport transport = new(this, LocalOf(remote), remote);
        return accept(transport) ? transport : null;
    }

    void IUtpEffects<UdpAddress>.OnAccepted(IUtpStream stream, UtpConnection connection) => ((UtpTransport)stream).Open(connection);

    private void EndIfEmpty()
    {
        if (_isStopping && _machine.Count == 0)
            _empty.TrySetResult();
    }

    private IPEndPoint LocalOf(IPEndPoint remote) =>
        _mux.EndPoints.FirstOrDefault(local => local.AddressFamily == remote.AddressFamily)
        ?? new IPEndPoint(remote.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
}

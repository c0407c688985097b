using System.Net;
using System.Net.Sockets;
using Freshet.Loops;

namespace Freshet.Network;

/// <summary>
/// One socket of a <see cref="UdpMux"/>, with its send queue. It alternates between <see cref="DatagramSocket.WaitAsync"/> and the mux's
/// loop: while the loop handles what was received, nothing waits for more.
/// </summary>
internal sealed class UdpPort : ILoopItem, IDisposable
{
    // The number of consecutive errors of the socket's own.
    private const int MostErrors = 8;

    private readonly UdpMux _mux;
    private readonly EventLoop _loop;
    private readonly DatagramSocket _socket;
    private readonly UdpRelay? _relay;
    private readonly AsyncSignal _taken = new();
    private Exception? _failure;
    private int _waited;
    private volatile bool _isDisposed;

    /// <param name="mux">Whose it is.</param>
    /// <param name="loop">Its loop.</param>
    /// <param name="socket">By what it receives and sends.</param>
    /// <param name="relay">The proxy by which alone it receives and sends; null for none. Becomes the port's.</param>
    public UdpPort(UdpMux mux, EventLoop loop, DatagramSocket socket, UdpRelay? relay = null)
    {
        _relay = relay;
        _mux = mux;
        _loop = loop;
        _socket = socket;
        LocalEndPoint = socket.LocalEndPoint;
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>What waits to be sent.</summary>
    public DatagramQueue Queue { get; } = new();

    public DatagramSocket Socket => _socket;

    /// <summary>Whether it can send there.</summary>
    public bool Reaches(UdpAddress target) =>
        _relay is not null || target.IsV6 == (LocalEndPoint.AddressFamily == AddressFamily.InterNetworkV6);

    /// <summary>Queues a datagram; false if there is no room.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="target">Where to.</param>
    /// <param name="own">The address of ours that it leaves by; null for the one that the system chooses. A proxy has its own.</param>
    /// <param name="dontFragment">Whether it is lost if the path cannot carry it in one piece.</param>
    public bool TryAdd(ReadOnlySpan<byte> datagram, UdpAddress target, UdpAddress? own, bool dontFragment = false) => _relay is null
        ? Queue.TryAdd([], datagram, target, own, dontFragment)
        : _relay.TryAdd(Queue, datagram, target, dontFragment);

    /// <summary>
    /// The nth datagram of those that came last, as <see cref="DatagramSocket.Datagram"/>; false if it is not for us.
    /// </summary>
    public bool TryRead(int index, out ReadOnlySpan<byte> datagram, out UdpAddress sender, out UdpAddress? own)
    {
        datagram = _socket.Datagram(index, out sender, out own);
        return _relay is null || _relay.TryRead(ref datagram, ref sender);
    }

    /// <summary>Ends when the socket was closed, or is of no use any more.</summary>
    public async Task RunAsync()
    {
        if (_relay is not null)
            _ = EndWithAsync(_relay);
        int errors = 0;
        while (!_isDisposed)
        {
            try
            {
                _waited = await _socket.WaitAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                if (MayGoOn(e, ref errors))
                    continue;
                return;
            }

            _loop.PostAndRun(this);
            await _taken.WaitAsync().ConfigureAwait(false);
            if (_failure is null)
                errors = 0;
            else if (!MayGoOn(_failure, ref errors))
                return;
        }
    }

    private async Task EndWithAsync(UdpRelay relay)
    {
        await relay.RunAsync().ConfigureAwait(false);
        Dispose();
    }

    // Some errors answer what was sent: no listener, or no route. They say nothing about this socket.
    private static bool MayGoOn(Exception failure, ref int errors) =>
        failure is SocketException e
        && (e.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset or SocketError.HostUnreachable
            or SocketError.NetworkUnreachable or SocketError.MessageSize || ++errors < MostErrors);

    /// <summary>Takes what has come, on the mux's loop.</summary>
    void ILoopItem.Run()
    {
        _failure = null;
        try
        {
            if (!_isDisposed)
                _mux.OnReceived(this, _socket.Take(_waited));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            _failure = e;
        }
        finally
        {
            _taken.Set();
        }
    }

    public void Dispose()
    {
        _isDisposed = true;
        _relay?.Dispose();
        _socket.Dispose();
    }
}

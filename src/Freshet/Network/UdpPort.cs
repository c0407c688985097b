using System.Net;
using System.Net.Sockets;
using Freshet.Loops;

namespace Freshet.Network;

/// <summary>
/// One socket of a <see cref="UdpMux"/>, with what waits to be sent by it. Between <see cref="DatagramSocket.WaitAsync"/> and the mux's
/// loop it goes to and fro by itself: while the loop takes what has come, nothing waits for more.
/// </summary>
internal sealed class UdpPort : ILoopItem, IDisposable
{
    // Errors of its own in a row.
    private const int MostErrors = 8;

    private readonly UdpMux _mux;
    private readonly EventLoop _loop;
    private readonly DatagramSocket _socket;
    private readonly AsyncSignal _taken = new();
    private Exception? _failure;
    private int _waited;
    private volatile bool _isDisposed;

    public UdpPort(UdpMux mux, EventLoop loop, DatagramSocket socket)
    {
        _mux = mux;
        _loop = loop;
        _socket = socket;
        LocalEndPoint = socket.LocalEndPoint;
    }

    public IPEndPoint LocalEndPoint { get; }

    /// <summary>What waits to be sent.</summary>
    public DatagramQueue Queue { get; } = new();

    public DatagramSocket Socket => _socket;

    /// <summary>Ends when the socket was closed, or is of no use any more.</summary>
    public async Task RunAsync()
    {
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

    // Some errors answer what was sent: nobody listens there, or there is no way. They say nothing of this socket.
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
        _socket.Dispose();
    }
}

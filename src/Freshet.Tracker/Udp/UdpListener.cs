using System.Net;
using System.Net.Sockets;
using Freshet.Tracker.Swarms;

namespace Freshet.Tracker.Udp;

/// <summary>
/// Serves one endpoint on its own thread: each datagram is answered before the next is received, so that nothing is kept or allocated for a
/// datagram, and the system drops what arrives too fast.
/// </summary>
internal sealed class UdpListener : IDisposable
{
    // Room for some thousand requests that arrive while the thread is not scheduled.
    private const int ReceiveBuffer = 4 * 1024 * 1024;

    private readonly Socket _socket;
    private readonly UdpApplication _application;
    private readonly Thread _thread;
    private volatile bool _isDisposed;

    /// <exception cref="SocketException">The endpoint cannot be listened on.</exception>
    public UdpListener(IPEndPoint endPoint, UdpApplication application)
    {
        _application = application;
        _socket = new Socket(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                _socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            _socket.ReceiveBufferSize = ReceiveBuffer;
            _socket.Bind(endPoint);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }

        EndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _thread = new Thread(Run) { IsBackground = true, Name = "Freshet tracker UDP" };
    }

    public IPEndPoint EndPoint { get; }

    public void Start() => _thread.Start();

    public void Dispose()
    {
        _isDisposed = true;
        _socket.Dispose();
        if (_thread.ThreadState.HasFlag(ThreadState.Unstarted))
            return;
        _thread.Join();
    }

    private void Run()
    {
        SocketAddress sender = new(_socket.AddressFamily);
        byte[] datagram = new byte[UdpApplication.MaxLength];
        byte[] answer = new byte[UdpApplication.MaxLength];
        while (!_isDisposed)
        {
            try
            {
                int length = _socket.ReceiveFrom(datagram, SocketFlags.None, sender);
                length = _application.Answer(datagram.AsSpan(0, length), PeerAddress.From(sender), answer);
                if (length > 0)
                    _socket.SendTo(answer.AsSpan(0, length), SocketFlags.None, sender);
            }
            catch (SocketException)
            {
                // The answer is too long, or its receiver is gone: a problem of this datagram only. Or the listener is ending.
            }
            catch (ObjectDisposedException)
            {
                return;
            }
        }
    }
}

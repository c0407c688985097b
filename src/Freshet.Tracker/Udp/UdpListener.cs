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

    private readonly AnsweringSocket _socket;
    private readonly UdpApplication _application;
    private readonly Thread _thread;
    private volatile bool _isDisposed;

    /// <exception cref="SocketException">The endpoint cannot be listened on.</exception>
    public UdpListener(IPEndPoint endPoint, UdpApplication application)
    {
        _application = application;
        Socket socket = new(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            socket.ReceiveBufferSize = ReceiveBuffer;
            socket.Bind(endPoint);
            EndPoint = (IPEndPoint)socket.LocalEndPoint!;
            _socket = AnsweringSocket.For(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

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
        byte[] datagram = new byte[UdpApplication.MaxLength];
        byte[] answer = new byte[UdpApplication.MaxLength];
        while (!_isDisposed)
        {
            try
            {
                int length = _socket.Receive(datagram, out PeerAddress sender);
                length = _application.Answer(datagram.AsSpan(0, length), sender, answer);
                if (length > 0)
                    _socket.Answer(answer.AsSpan(0, length));
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

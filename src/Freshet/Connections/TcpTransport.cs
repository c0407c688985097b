using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>A transport over TCP. Owns its socket.</summary>
/// <remarks>
/// Buffer sizes are left to the kernel, which tunes them by bandwidth and delay; setting a size would disable that. Nagle's algorithm is
/// off: every send is a whole batch already.
/// </remarks>
internal sealed class TcpTransport : ITransport
{
    // Linux only; these are its constants.
    private const int TcpLevel = 6;
    private const int TcpQuickAck = 12;
    private const int TcpInfo = 11;

    // The offset of tcpi_rtt, in microseconds, in struct tcp_info.
    private const int RoundTripAt = 68;

    private readonly Socket _socket;
    private bool _canHurry = OperatingSystem.IsLinux();
    private int _isAborted;

    /// <param name="socket">A connected socket.</param>
    /// <param name="remote">The peer, if a proxy is in between; otherwise null.</param>
    /// <exception cref="SocketException">The connection is already gone.</exception>
    public TcpTransport(Socket socket, IPEndPoint? remote = null)
    {
        _socket = socket;
        socket.NoDelay = true;
        LocalEndPoint = Plain((IPEndPoint)socket.LocalEndPoint!);
        RemoteEndPoint = Plain(remote ?? (IPEndPoint)socket.RemoteEndPoint!);
    }

    public IPEndPoint LocalEndPoint { get; }

    public IPEndPoint RemoteEndPoint { get; }

    public PeerWay Way => PeerWay.Plain;

    public TimeSpan? RoundTrip
    {
        get
        {
            if (!OperatingSystem.IsLinux())
                return null;
            try
            {
                Span<byte> info = stackalloc byte[RoundTripAt + sizeof(uint)];
                int length = _socket.GetRawSocketOption(TcpLevel, TcpInfo, info);
                return length < info.Length ? null
                    : TimeSpan.FromMicroseconds(BinaryPrimitives.ReadUInt32LittleEndian(info[RoundTripAt..]));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return null;
            }
        }
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _socket.ReceiveAsync(buffer, SocketFlags.None, CancellationToken.None);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> buffer) => _socket.SendAsync(buffer, SocketFlags.None, CancellationToken.None);

    public void AcknowledgeNow()
    {
        if (!_canHurry)
            return;
        try
        {
            // The kernel resets this with the next send, so it is set each time.
            ReadOnlySpan<byte> on = [1, 0, 0, 0];
            _socket.SetRawSocketOption(TcpLevel, TcpQuickAck, on);
        }
        catch (SocketException)
        {
            _canHurry = false;
        }
    }

    // Without the shutdown the runtime resets the connection because a receive is in progress, and the data sent last may be lost.
    public void Abort() => End(static socket => socket.Shutdown(SocketShutdown.Send));

    public void Reset() => End(static socket => socket.LingerState = new LingerOption(true, 0));

    public void Dispose() => Abort();

    private void End(Action<Socket> prepare)
    {
        if (Interlocked.Exchange(ref _isAborted, 1) != 0)
            return;
        try
        {
            prepare(_socket);
        }
        catch (SocketException)
        {
            // The peer closed first.
        }

        _socket.Dispose();
    }

    private static IPEndPoint Plain(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new IPEndPoint(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}

using System.Net;
using System.Net.Sockets;
using Freshet.Core;

namespace Freshet.Network;

/// <summary>One system call per datagram, which works on every system.</summary>
internal sealed class PlainDatagramSocket : DatagramSocket
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(Limits.MaxDatagramLength + 1, pinned: true);
    private readonly SocketAddress _sender;
    private readonly SocketAddress _target;
    private int _received;

    public PlainDatagramSocket(Socket socket)
        : base(socket)
    {
        int size = socket.AddressFamily == AddressFamily.InterNetwork ? 16 : 28;
        _sender = new SocketAddress(socket.AddressFamily, size);
        _target = new SocketAddress(socket.AddressFamily, size);

        // What cannot be sent at once must wait in the queue, not in a thread.
        socket.Blocking = false;
    }

    public override ValueTask<int> WaitAsync() => Socket.ReceiveFromAsync(_buffer, SocketFlags.None, _sender);

    public override int Take(int waited)
    {
        _received = waited;
        Truncated = waited > Limits.MaxDatagramLength ? 1 : 0;
        return 1 - Truncated;
    }

    public override ReadOnlySpan<byte> Datagram(int index, out UdpAddress sender, out UdpAddress? own)
    {
        own = null;
        sender = UdpAddress.Read(_sender.Buffer.Span, Socket.AddressFamily);
        return _buffer.AsSpan(0, _received);
    }

    public override int Send(DatagramQueue queue)
    {
        int failed = 0;
        while (queue.Count > 0)
        {
            queue.TargetOf(0).Write(_target.Buffer.Span);
            Fragments.Refuse(queue.DontFragment(0));
            try
            {
                Socket.SendTo(queue.BytesOf(0).Span, SocketFlags.None, _target);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.NoBufferSpaceAvailable)
            {
                return failed;
            }
            catch (SocketException)
            {
                // No route, too long, or forbidden: a problem of this datagram only.
                failed++;
            }

            queue.Remove(1);
        }

        return failed;
    }
}

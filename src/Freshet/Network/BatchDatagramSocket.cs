using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Freshet.Core;

namespace Freshet.Network;

/// <summary>
/// Sends and receives many datagrams per system call, on Linux: <c>recvmmsg</c> and <c>sendmmsg</c>; and, if the kernel supports it,
/// several datagrams of one sender received as one (GRO), and several to one target sent as one (GSO). Support is detected when the socket
/// is created. A socket of all addresses says which of them was asked, and can
/// answer from there.
/// </summary>
internal sealed unsafe class BatchDatagramSocket : DatagramSocket
{
    private const int AddressSize = 28;
    private const int MostMerged = 65_535;
    private const int MergedBuffers = 8;
    private const int PlainBuffers = 64;

    private readonly int _buffers;
    private readonly int _bufferSize;
    private readonly byte[] _bytes;
    private readonly byte[] _senders;
    private readonly Native.IoVector[] _vectors;
    private readonly byte[] _controls;
    private readonly Native.MessageHeader[] _headers;
    private readonly Received[] _received = new Received[NetworkLimits.MaxReceivedDatagrams];
    private readonly DatagramSender _sender;

    /// <param name="socket">A bound socket, which <see cref="IsSupported"/>.</param>
    /// <param name="merges">Whether datagrams are to be merged, if the kernel can.</param>
    public BatchDatagramSocket(Socket socket, bool merges)
        : base(socket)
    {
        bool receivesMerged = merges && TrySetOption(socket, Native.Udp, Native.UdpGro, 1);
        _buffers = receivesMerged ? MergedBuffers : PlainBuffers;
        _bufferSize = receivesMerged ? MostMerged : Limits.MaxDatagramLength;
        _bytes = Pinned<byte>(_buffers * _bufferSize);
        _senders = Pinned<byte>(_buffers * AddressSize);
        _vectors = Pinned<Native.IoVector>(_buffers);
        _controls = Pinned<byte>(_buffers * ControlMessages.Size);
        _headers = Pinned<Native.MessageHeader>(_buffers);
        if (IsOfAllAddresses(LocalEndPoint.Address))
            TryAskForOwnAddress(socket);
        _sender = new DatagramSender(socket, Fragments, canMerge: merges && TrySetOption(socket, Native.Udp, Native.UdpSegment, 0));
    }

    /// <summary>Whether the system calls exist and are not forbidden, as in a sandbox: tested with nothing to receive or to send.</summary>
    public static bool IsSupported(Socket socket) =>
        OperatingSystem.IsLinux() && nint.Size == 8 && BitConverter.IsLittleEndian
        && IsCall(Native.ReceiveMessages(socket.SafeHandle, null, 0, Native.DontWait, null))
        && IsCall(Native.SendMessages(socket.SafeHandle, null, 0, Native.DontWait));

    public override ValueTask<int> WaitAsync() => Socket.ReceiveAsync(Memory<byte>.Empty);

    public override int Take(int waited)
    {
        Prepare();
        int messages;
        do
        {
            messages = Native.ReceiveMessages(Socket.SafeHandle, Address(_headers), (uint)_buffers, Native.DontWait, null);
        }
        while (messages < 0 && Marshal.GetLastPInvokeError() == Native.Interrupted);
        Truncated = 0;
        if (messages >= 0)
            return Split(messages);
        int error = Marshal.GetLastPInvokeError();
        return error == Native.WouldBlock ? 0 : throw new SocketException((int)SocketErrorOf(error));
    }

    public override ReadOnlySpan<byte> Datagram(int index, out UdpAddress sender, out UdpAddress? own)
    {
        Received received = _received[index];
        sender = UdpAddress.Read(_senders.AsSpan(received.Buffer * AddressSize, AddressSize), Socket.AddressFamily);
        own = received.Own;
        return _bytes.AsSpan((received.Buffer * _bufferSize) + received.Offset, received.Length);
    }

    public override int Send(DatagramQueue queue) => _sender.Send(queue);

    private static T[] Pinned<T>(int length)
        where T : unmanaged => GC.AllocateArray<T>(length, pinned: true);

    private static T* Address<T>(T[] pinned, int index = 0)
        where T : unmanaged => (T*)Marshal.UnsafeAddrOfPinnedArrayElement(pinned, index);

    private static bool IsOfAllAddresses(IPAddress address) => address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any);

    private static bool TryAskForOwnAddress(Socket socket) => socket.AddressFamily == AddressFamily.InterNetworkV6
        ? TrySetOption(socket, Native.IPv6, Native.IPv6ReceivePacketInfo, 1)
        : TrySetOption(socket, Native.IP, Native.PacketInfo, 1);

    private static bool TrySetOption(Socket socket, int level, int option, int value)
    {
        try
        {
            socket.SetRawSocketOption(level, option, BitConverter.GetBytes(value));
            return true;
        }
        catch (SocketException)
        {
            // A kernel before 4.18 or 5.0.
            return false;
        }
    }

    private static bool IsCall(int result) =>
        result >= 0 || Marshal.GetLastPInvokeError() is not (Native.NoSuchCall or Native.NotPermitted);

    private static SocketError SocketErrorOf(int error) => error switch
    {
        111 => SocketError.ConnectionRefused,
        113 => SocketError.HostUnreachable,
        101 => SocketError.NetworkUnreachable,
        100 => SocketError.NetworkDown,
        12 or Native.NoBufferSpace => SocketError.NoBufferSpaceAvailable,
        _ => SocketError.SocketError,
    };

    // The kernel overwrites the lengths.
    private void Prepare()
    {
        for (int i = 0; i < _buffers; i++)
        {
            _vectors[i] = new Native.IoVector { Base = Address(_bytes, i * _bufferSize), Length = (ulong)_bufferSize };
            _headers[i] = new Native.MessageHeader
            {
                Name = Address(_senders, i * AddressSize),
                NameLength = AddressSize,
                Vectors = Address(_vectors, i),
                VectorCount = 1,
                Control = Address(_controls, i * ControlMessages.Size),
                ControlLength = ControlMessages.Size,
            };
        }
    }

    /// <summary>Splits merged datagrams; returns the number of datagrams.</summary>
    private int Split(int messages)
    {
        int count = 0;
        for (int i = 0; i < messages; i++)
        {
            int length = (int)_headers[i].Length;
            if ((_headers[i].Flags & Native.Truncated) != 0)
            {
                Truncated++;
                continue;
            }

            ControlMessages.Read(
                _controls.AsSpan(i * ControlMessages.Size, (int)_headers[i].ControlLength), out int segment, out UdpAddress? own);
            if (segment <= 0)
                segment = length;
            for (int offset = 0; offset < length || offset == 0; offset += segment)
            {
                int rest = Math.Min(segment, length - offset);
                if (rest > Limits.MaxDatagramLength || count == _received.Length)
                    Truncated++;
                else
                    _received[count++] = new Received(i, offset, rest, own);
                if (segment == 0)
                    break;
            }
        }

        return count;
    }

    /// <summary>A datagram in one of the buffers.</summary>
    private readonly record struct Received(int Buffer, int Offset, int Length, UdpAddress? Own);
}

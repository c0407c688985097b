using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Interop.Running;

/// <summary>
/// Captures every packet that passes an interface of a network namespace, in or out: all of IPv4, and TCP and UDP over IPv6, where the rest
/// is what kernels exchange about the link.
/// </summary>
public sealed partial class PacketSniffer : IDisposable
{
    private const int NetworkOnly = 0x40000000;
    private const int AllProtocols = 0x0300;
    private const int EthernetHeader = 14;
    private const int IPv4Header = 20;
    private const int IPv6Header = 40;
    private const int UdpHeader = 8;
    private const int TcpFlags = 13;
    private const int ResetFlag = 4;
    private const int LookMilliseconds = 100;

    private readonly ConcurrentQueue<Packet> _packets = new();
    private readonly Socket _socket;
    private readonly Thread _thread;
    private volatile bool _isEnding;

    private PacketSniffer(Socket socket)
    {
        _socket = socket;
        _thread = new Thread(Read) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>The packets captured so far, in order.</summary>
    public IReadOnlyCollection<Packet> Packets => _packets;

    public static PacketSniffer Start(NetworkNamespace network, string interfaceName)
    {
        Socket? socket = null;
        Exception? failure = null;

        // A socket stays in the namespace of the thread that created it.
        Thread maker = new(() =>
        {
            try
            {
                using SafeFileHandle handle = File.OpenHandle($"/run/netns/{network.Name}");
                if (SetNamespace(handle, NetworkOnly) != 0)
                    throw new InvalidOperationException($"setns failed with {Marshal.GetLastPInvokeError()}");
                socket = new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)AllProtocols);
                socket.Bind(new LinkEndPoint((int)IndexOf(interfaceName)));
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        maker.Start();
        maker.Join();
        return failure is null ? new PacketSniffer(socket!) : throw new InvalidOperationException("Cannot sniff.", failure);
    }

    public void Dispose()
    {
        _isEnding = true;
        _thread.Join();
        _socket.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle handle, int type);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    private static partial uint IndexOf(string name);

    private void Read()
    {
        byte[] frame = new byte[65_536];

        // Only a packet wakes it, and there may be none.
        _socket.ReceiveTimeout = LookMilliseconds;
        while (!_isEnding)
        {
            try
            {
                int length = _socket.Receive(frame);
                if (length > EthernetHeader && Parse(frame.AsSpan(0, length)) is { } packet)
                    _packets.Enqueue(packet);
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.NetworkDown or SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Reported once when the interface goes down; it may come up again.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static Packet? Parse(ReadOnlySpan<byte> frame)
    {
        ReadOnlySpan<byte> packet = frame[EthernetHeader..];
        return BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) switch
        {
            0x0800 when packet.Length >= IPv4Header =>
                Of(packet[9], packet.Slice(12, 4), packet.Slice(16, 4), CarriedByIPv4(packet)),
            0x86DD when packet.Length >= IPv6Header && packet[6] is (byte)ProtocolType.Tcp or (byte)ProtocolType.Udp =>
                Of(packet[6], packet.Slice(8, 16), packet.Slice(24, 16), packet[IPv6Header..]),
            _ => null,
        };
    }

    // Only the first fragment has the ports.
    private static ReadOnlySpan<byte> CarriedByIPv4(ReadOnlySpan<byte> packet)
    {
        bool isLaterFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) != 0;
        return isLaterFragment ? default : packet[Math.Min((packet[0] & 15) * 4, packet.Length)..];
    }

    private static Packet Of(byte protocol, ReadOnlySpan<byte> from, ReadOnlySpan<byte> to, ReadOnlySpan<byte> carried)
    {
        bool isTcp = (ProtocolType)protocol == ProtocolType.Tcp;
        bool hasPorts = (ProtocolType)protocol is ProtocolType.Tcp or ProtocolType.Udp && carried.Length >= 4;
        return new Packet(new IPAddress(from), new IPAddress(to), (ProtocolType)protocol)
        {
            FromPort = hasPorts ? BinaryPrimitives.ReadUInt16BigEndian(carried) : 0,
            ToPort = hasPorts ? BinaryPrimitives.ReadUInt16BigEndian(carried[2..]) : 0,
            IsReset = isTcp && carried.Length > TcpFlags && (carried[TcpFlags] & ResetFlag) != 0,
            FirstByte = (ProtocolType)protocol == ProtocolType.Udp && carried.Length > UdpHeader ? carried[UdpHeader] : null,
        };
    }

    /// <summary>The addresses of a packet, and its protocol.</summary>
    public sealed record Packet(IPAddress From, IPAddress To, ProtocolType Protocol)
    {
        /// <summary>The sender's port; 0 if the packet has none, as a fragment other than the first.</summary>
        public int FromPort { get; init; }

        /// <summary>The receiver's port; 0 if the packet has none, as a fragment other than the first.</summary>
        public int ToPort { get; init; }

        /// <summary>Whether it resets a TCP connection.</summary>
        public bool IsReset { get; init; }

        /// <summary>The first byte that a datagram carries, often the version of a protocol; null if it carries none.</summary>
        public byte? FirstByte { get; init; }
    }

    /// <summary><c>struct sockaddr_ll</c>.</summary>
    private sealed class LinkEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            SocketAddress address = new(AddressFamily.Packet, 20);
            address[2] = AllProtocols & 0xFF;
            address[3] = AllProtocols >> 8;
            byte[] bytes = BitConverter.GetBytes(index);
            for (int i = 0; i < bytes.Length; i++)
                address[4 + i] = bytes[i];
            return address;
        }
    }
}

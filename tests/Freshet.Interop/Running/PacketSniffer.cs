using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Interop.Running;

/// <summary>Sees every IPv4 packet that passes an interface of a network namespace, in or out.</summary>
public sealed partial class PacketSniffer : IDisposable
{
    private const int NetworkOnly = 0x40000000;
    private const int AllProtocols = 0x0300;
    private const int EthernetHeader = 14;
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

    /// <summary>What was seen so far, in order.</summary>
    public IReadOnlyCollection<Packet> Packets => _packets;

    public static PacketSniffer Start(NetworkNamespace network, string interfaceName)
    {
        Socket? socket = null;
        Exception? failure = null;

        // A socket stays in the namespace of the thread that made it.
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

        // Nothing wakes it but a packet, and there may be none.
        _socket.ReceiveTimeout = LookMilliseconds;
        while (!_isEnding)
        {
            try
            {
                int length = _socket.Receive(frame);
                if (length >= EthernetHeader + 20 && frame[12] == 8 && frame[13] == 0)
                    _packets.Enqueue(Parse(frame.AsSpan(EthernetHeader, length - EthernetHeader)));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.NetworkDown or SocketError.TimedOut or SocketError.WouldBlock)
            {
                // Told once when the interface goes down; it may come up again.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private static Packet Parse(ReadOnlySpan<byte> packet)
    {
        ProtocolType protocol = (ProtocolType)packet[9];
        int header = (packet[0] & 15) * 4;
        bool isLaterFragment = (BinaryPrimitives.ReadUInt16BigEndian(packet[6..]) & 0x1FFF) != 0;
        bool hasPorts = protocol is ProtocolType.Tcp or ProtocolType.Udp && !isLaterFragment && packet.Length >= header + 4;
        return new Packet(new IPAddress(packet.Slice(12, 4)), new IPAddress(packet.Slice(16, 4)), protocol)
        {
            FromPort = hasPorts ? BinaryPrimitives.ReadUInt16BigEndian(packet[header..]) : 0,
            ToPort = hasPorts ? BinaryPrimitives.ReadUInt16BigEndian(packet[(header + 2)..]) : 0,
        };
    }

    /// <summary>The addresses of a packet, and what it carries.</summary>
    public sealed record Packet(IPAddress From, IPAddress To, ProtocolType Protocol)
    {
        /// <summary>Its sender's port; 0 if it has none, as a fragment that is not the first.</summary>
        public int FromPort { get; init; }

        /// <summary>Its receiver's port; 0 if it has none, as a fragment that is not the first.</summary>
        public int ToPort { get; init; }
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

using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Freshet.Network;

/// <summary>What the framework does not offer of Linux's sockets.</summary>
internal static unsafe partial class Native
{
    public const int DontWait = 0x40;
    public const int Truncated = 0x20;
    public const int IP = 0;
    public const int PacketInfo = 8;
    public const int MtuDiscover = 10;
    public const int Udp = 17;
    public const int IPv6 = 41;
    public const int IPv6MtuDiscover = 23;
    public const int IPv6ReceivePacketInfo = 49;
    public const int IPv6PacketInfo = 50;

    /// <summary>What <see cref="MtuDiscover"/> is to do: no fragments, and no belief in what routers say of the length.</summary>
    public const int MtuProbe = 3;

    /// <summary>What <see cref="MtuDiscover"/> is to do: fragments where they are needed.</summary>
    public const int MtuAny = 0;
    public const int UdpSegment = 103;
    public const int UdpGro = 104;
    public const int NotPermitted = 1;
    public const int NoSuchCall = 38;
    public const int Interrupted = 4;
    public const int InputOutputError = 5;
    public const int WouldBlock = 11;
    public const int Invalid = 22;
    public const int AddressNotAvailable = 99;
    public const int NetworkUnreachable = 101;
    public const int NoBufferSpace = 105;

    /// <param name="socket">The socket.</param>
    /// <param name="messages">Where to.</param>
    /// <param name="count">How many at the most.</param>
    /// <param name="flags"><see cref="DontWait"/>.</param>
    /// <param name="timeout">None.</param>
    [LibraryImport("libc", EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(SafeSocketHandle socket, MessageHeader* messages, uint count, int flags, void* timeout);

    [LibraryImport("libc", EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(SafeSocketHandle socket, MessageHeader* messages, uint count, int flags);

    [LibraryImport("libc", EntryPoint = "getifaddrs")]
    public static partial int GetInterfaceAddresses(InterfaceAddress** first);

    [LibraryImport("libc", EntryPoint = "freeifaddrs")]
    public static partial void FreeInterfaceAddresses(InterfaceAddress* first);

    [LibraryImport("libc", EntryPoint = "if_nametoindex", StringMarshalling = StringMarshalling.Utf8)]
    public static partial uint InterfaceIndex(string name);

    /// <summary><c>struct ifaddrs</c> on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct InterfaceAddress
    {
        public InterfaceAddress* Next;
        public byte* Name;
        public uint Flags;
        public byte* Address;
        public byte* Netmask;
        public byte* Other;
        public void* Data;
    }

    /// <summary><c>struct mmsghdr</c> on 64-bit systems.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MessageHeader
    {
        public byte* Name;
        public ulong NameLength;
        public IoVector* Vectors;
        public ulong VectorCount;
        public byte* Control;
        public ulong ControlLength;
        public ulong Flags;
        public ulong Length;
    }

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public byte* Base;
        public ulong Length;
    }
}

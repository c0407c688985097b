using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Freshet.Tracker.Udp;

/// <summary>What the framework does not offer of Linux's sockets, on 64-bit systems.</summary>
internal static unsafe partial class Native
{
    public const int IP = 0;
    public const int IPv6 = 41;
    public const int PacketInfo = 8;
    public const int IPv6ReceivePacketInfo = 49;
    public const int Interrupted = 4;

    [LibraryImport("libc", EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(SafeSocketHandle socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(SafeSocketHandle socket, Message* message, int flags);

    /// <summary><c>struct iovec</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary><c>struct msghdr</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Message
    {
        public byte* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public byte* Control;
        public nuint ControlLength;
        public int Flags;
    }
}

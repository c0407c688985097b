using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Throughput.Bottlenecks;

/// <summary>A network interface whose other end is this program: it reads what the kernel sends there, and writes what arrives.</summary>
internal sealed partial class TunDevice : IDisposable
{
    private const int ReadWrite = 0x2;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const nuint SetInterface = 0x400454CA;
    private const short WithoutEthernet = 0x1;
    private const short WithoutHeader = 0x1000;
    private const short Readable = 1;
    private const int LongestName = 15;

    private readonly SafeFileHandle _handle;

    private TunDevice(SafeFileHandle handle, string name)
    {
        _handle = handle;
        Name = name;
    }

    public string Name { get; }

    /// <summary>Creates one in the network of this process; it can be moved to another one, and is gone when it is disposed.</summary>
    /// <exception cref="InvalidOperationException">It is not allowed here, or the kernel has none.</exception>
    public static TunDevice Create(string name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, LongestName);
        SafeFileHandle handle = Open("/dev/net/tun", ReadWrite | NonBlocking | CloseOnExec);

        // struct ifreq: the name, then the flags.
        Span<byte> request = stackalloc byte[40];
        request.Clear();
        Encoding.ASCII.GetBytes(name, request);
        MemoryMarshal.Write(request[16..], (short)(WithoutEthernet | WithoutHeader));
        if (!handle.IsInvalid && Control(handle, SetInterface, request) == 0)
            return new TunDevice(handle, name);
        handle.Dispose();
        throw new InvalidOperationException("There is no /dev/net/tun, or it may not be used.");
    }

    /// <summary>Reads the next packet; 0 if there is none.</summary>
    public int Read(Span<byte> packet) => Math.Max((int)Read(_handle, packet, (nuint)packet.Length), 0);

    /// <summary>Writes a packet, unless the kernel has no room for it.</summary>
    public void Write(ReadOnlySpan<byte> packet) => Write(_handle, packet, (nuint)packet.Length);

    /// <summary>Waits for a packet for some milliseconds.</summary>
    public void Wait(int milliseconds)
    {
        Poll poll = new() { Descriptor = (int)_handle.DangerousGetHandle(), Events = Readable };
        PollOne(ref poll, 1, milliseconds);
    }

    public void Dispose() => _handle.Dispose();

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Control(SafeFileHandle handle, nuint request, Span<byte> argument);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle handle, Span<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(SafeFileHandle handle, ReadOnlySpan<byte> buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int PollOne(ref Poll poll, nuint count, int milliseconds);

    /// <summary><c>struct pollfd</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Poll
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

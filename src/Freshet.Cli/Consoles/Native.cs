using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Freshet.Cli.Consoles;

/// <summary>
/// What the command line needs from the C library. The framework's console knows the width of the window, too, but to determine it, it
/// switches the terminal to application mode and never switches it back.
/// </summary>
internal static partial class Native
{
    private const int LinuxGetWindowSize = 0x5413;
    private const int LinuxStop = 19;
    private const int BsdStop = 17;

    /// <summary>The size of the terminal window of standard output; null if that is not a terminal.</summary>
    [SupportedOSPlatform("linux")]
    public static WindowSize? GetWindowSize()
    {
        WindowSize size = default;
        return Ioctl(1, LinuxGetWindowSize, ref size) == 0 ? size : null;
    }

    /// <summary>Stops this process until a SIGCONT.</summary>
    [UnsupportedOSPlatform("windows")]
    public static void StopProcess() => _ = Kill(Environment.ProcessId, OperatingSystem.IsLinux() ? LinuxStop : BsdStop);

    /// <returns>The bytes written, or -1 with the error in <see cref="Marshal.GetLastPInvokeError"/>.</returns>
    [UnsupportedOSPlatform("windows")]
    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, ReadOnlySpan<byte> buffer, nint length);

    [LibraryImport("libc", EntryPoint = "ioctl")]
    private static partial int Ioctl(int handle, nint request, ref WindowSize size);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    /// <summary>The system's <c>struct winsize</c>.</summary>
    public struct WindowSize
    {
        public ushort Rows;
        public ushort Columns;
        public ushort PixelWidth;
        public ushort PixelHeight;
    }
}

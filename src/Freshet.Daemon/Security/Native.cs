using System.Runtime.InteropServices;

namespace Freshet.Daemon.Security;

/// <summary>What the framework does not offer of the C library.</summary>
internal static partial class Native
{
    public const int CloseOnExecOfLinux = 0x80000;
    public const int NotPermitted = 1;
    public const int AccessDenied = 13;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int Open(string path, int flags);
}

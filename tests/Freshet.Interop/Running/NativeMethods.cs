using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Interop.Running;

/// <summary>Functions of the C library that .NET does not offer.</summary>
internal static partial class NativeMethods
{
    public const int Sigint = 2;
    public const int Sigkill = 9;
    public const int Sigterm = 15;

    private const int RusageChildren = -1;
    private const int CloneNewNet = 0x4000_0000;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int pid, int signal);

    /// <summary>User and system time of the children that have ended and were waited for.</summary>
    public static TimeSpan ChildrenProcessorTime()
    {
        if (GetResourceUsage(RusageChildren, out ResourceUsage usage) != 0)
            throw new InvalidOperationException("getrusage failed");
        return TimeSpan.FromSeconds(usage.UserSeconds + usage.SystemSeconds)
            + TimeSpan.FromMicroseconds(usage.UserMicroseconds + usage.SystemMicroseconds);
    }

    /// <summary>Moves the calling thread to another network; returns 0 on success.</summary>
    public static int EnterNetwork(SafeFileHandle network) => SetNamespace(network, CloneNewNet);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(SafeFileHandle descriptor, int type);

    [LibraryImport("libc", EntryPoint = "getrusage", SetLastError = true)]
    private static partial int GetResourceUsage(int who, out ResourceUsage usage);

    /// <summary>struct rusage of 64-bit Linux: two timevals, then fourteen longs that are not used here.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 16 * 2 + 14 * 8)]
    private struct ResourceUsage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}

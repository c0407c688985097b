using System.Runtime.InteropServices;

namespace Freshet.FileSystem;

/// <summary>
/// A run of pinned memory with the layout of the system's <c>iovec</c>, so that a span of them is passed to the kernel as it is.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct IoBuffer(nint Address, nint Length)
{
    /// <summary>The bytes.</summary>
    public unsafe Span<byte> Span => new((void*)Address, (int)Length);

    /// <summary>Bytes of all of them.</summary>
    public static int TotalOf(ReadOnlySpan<IoBuffer> buffers)
    {
        long total = 0;
        foreach (IoBuffer buffer in buffers)
            total += buffer.Length;
        return checked((int)total);
    }
}

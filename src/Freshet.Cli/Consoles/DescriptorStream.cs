using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace Freshet.Cli.Consoles;

/// <summary>
/// Writes to standard output or standard error and does nothing else. The framework's console switches a terminal to application mode at
/// its first write and leaves it so, and it hides that the reader of a pipe has gone; a <see cref="FileStream"/> keeps its own position, so
/// that two streams to one file overwrite each other.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class DescriptorStream(int descriptor) : Stream
{
    private const int Interrupted = 4;
    private static readonly int WouldBlock = OperatingSystem.IsLinux() ? 11 : 35;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = Native.Write(descriptor, buffer, buffer.Length);
            if (written >= 0)
            {
                buffer = buffer[(int)written..];
                continue;
            }

            int error = Marshal.GetLastPInvokeError();
            if (error == WouldBlock)
                Thread.Sleep(Pause);
            else if (error != Interrupted)
                throw new IOException(Marshal.GetPInvokeErrorMessage(error), error);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

namespace Freshet.Cli.Consoles;

/// <summary>
/// Passes bytes on to the process's output. If the reader has gone, a dedicated exception says so once; later output is dropped, so that a
/// command can end cleanly.
/// </summary>
internal sealed class OutputStream(Stream inner) : Stream
{
    // EPIPE on Unix; ERROR_BROKEN_PIPE and ERROR_NO_DATA on Windows.
    private const int UnixBrokenPipe = 32;
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsNoData = unchecked((int)0x800700E8);

    private volatile bool _closed;

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
        if (_closed)
            return;
        try
        {
            inner.Write(buffer);
        }
        catch (IOException e) when (e.HResult is UnixBrokenPipe or WindowsBrokenPipe or WindowsNoData)
        {
            _closed = true;
            throw new OutputClosedException(e);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

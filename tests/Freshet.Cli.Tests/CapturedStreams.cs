using System.Text;
using Freshet.Cli.Consoles;

namespace Freshet.Cli.Tests;

#pragma warning disable CA1001 // Its streams are in memory and hold nothing to dispose of.

/// <summary>Streams that a test reads back. Output may be read while the command runs.</summary>
internal sealed class CapturedStreams : IConsoleStreams
{
    private readonly RecordingStream _out = new();
    private readonly RecordingStream _error = new();

    public CapturedStreams(byte[]? input = null)
    {
        In = new MemoryStream(input ?? []);
        Out = new StreamWriter(_out, new UTF8Encoding(false), -1, leaveOpen: true) { NewLine = "\n" };
        Error = TextWriter.Synchronized(new StreamWriter(_error, new UTF8Encoding(false)) { NewLine = "\n", AutoFlush = true });
    }

    public TextWriter Out { get; }

    public Stream OutBytes => _out;

    public TextWriter Error { get; }

    public Stream In { get; }

    public bool OutIsTerminal { get; init; }

    public bool ErrorIsTerminal => OutIsTerminal;

    public bool AllowsColor { get; init; }

    public int Width { get; set; } = 100;

    public int Height { get; set; } = 40;

    public int InterruptedExitCode { get; set; } = 130;

    /// <summary>Called for Ctrl-Z and <c>fg</c>; null if the command takes no part in job control.</summary>
    public (Action Leave, Action Resume)? Job { get; private set; }

    public IDisposable? ControlJob(Action leave, Action resume)
    {
        Job = (leave, resume);
        return null;
    }

    public string OutText => _out.Text;

    public string ErrorText => _error.Text;

    /// <summary>The number of lines after which the reader goes away; null for never.</summary>
    public int? LinesUntilClosed { init => _out.LinesUntilClosed = value; }

    /// <summary>The exception that every write to the output throws; null for none.</summary>
    public Exception? OutputFailure { init => _out.Failure = value; }

    /// <summary>Keeps what is written; readers see each write as a whole.</summary>
    private sealed class RecordingStream : MemoryStream
    {
        private readonly Lock _lock = new();
        private readonly StringBuilder _text = new();
        private int _lines;

        public int? LinesUntilClosed { get; set; }

        public Exception? Failure { get; set; }

        public string Text
        {
            get
            {
                lock (_lock)
                    return _text.ToString();
            }
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            lock (_lock)
            {
                if (Failure is not null)
                    throw Failure;
                if (_lines >= LinesUntilClosed)
                {
                    LinesUntilClosed = int.MaxValue;
                    throw new OutputClosedException(new IOException("Broken pipe"));
                }

                _lines += buffer.Count((byte)'\n');
                _text.Append(Encoding.UTF8.GetString(buffer));
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        {
            Write(buffer.AsSpan(offset, count));
            return Task.CompletedTask;
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Write(buffer.Span);
            return ValueTask.CompletedTask;
        }
    }
}

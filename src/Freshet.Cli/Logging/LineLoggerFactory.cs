using Microsoft.Extensions.Logging;

namespace Freshet.Cli.Logging;

/// <summary>Writes the library's logs as lines: to a file (<c>--log</c>), to the error stream (<c>-v</c>), or both. Thread-safe.</summary>
internal sealed class LineLoggerFactory(TimeProvider clock) : ILoggerFactory
{
    private readonly List<(LogLevel Least, Action<string> Write)> _sinks = [];
    private StreamWriter? _file;
    private bool _isClosed;

    /// <summary>Also appends to a file, debug messages included.</summary>
    /// <exception cref="CliException">The file cannot be written.</exception>
    public void AddFile(FileInfo file)
    {
        try
        {
            FileStream stream = new(file.FullName, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            _file = new StreamWriter(stream) { AutoFlush = true };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"The log {file} cannot be written: {e.Message.TrimEnd('.')}.", "Name another file with --log.", e);
        }

        StreamWriter writer = _file;
        _sinks.Add((LogLevel.Debug, writer.WriteLine));
    }

    /// <summary>Also passes each line of this level or above to a callback.</summary>
    public void Add(LogLevel least, Action<string> write) => _sinks.Add((least, write));

    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
        lock (_sinks)
        {
            _isClosed = true;
            _file?.Dispose();
        }
    }

    private bool IsEnabled(LogLevel level) => _sinks.Exists(sink => level >= sink.Least && level != LogLevel.None);

    private void Write(LogLevel level, EventId id, string message, object? state, Exception? exception)
    {
        string line = LogLine.Of(clock.GetUtcNow(), level, id.Name, message, state, exception);
        lock (_sinks)
        {
            if (_isClosed)
                return;
            foreach ((LogLevel least, Action<string> write) in _sinks)
            {
                if (level < least)
                    continue;
                try
                {
                    write(line);
                }
                catch (IOException)
                {
                    // A full disk under the log must not stop the download that it describes.
                }
            }
        }
    }

    private sealed class LineLogger(LineLoggerFactory factory) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => factory.IsEnabled(logLevel);

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (factory.IsEnabled(logLevel))
                factory.Write(logLevel, eventId, formatter(state, exception), state, exception);
        }
    }
}

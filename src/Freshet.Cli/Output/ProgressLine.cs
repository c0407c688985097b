using Freshet.Cli.Consoles;

namespace Freshet.Cli.Output;

/// <summary>A progress bar that is redrawn in place on the error stream, if that is a terminal; elsewhere nothing is shown.</summary>
internal sealed class ProgressLine(IConsoleStreams streams, string what, bool enabled) : IDisposable
{
    private const int BarWidth = 30;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly bool _enabled = enabled && streams.ErrorIsTerminal;
    private readonly Lock _lock = new();
    private long _drawn;

    /// <summary>Shows the part that is done, 0 to 1, with a detail. May be called at any rate, from any thread.</summary>
    public void Report(double done, string detail = "")
    {
        if (!_enabled)
            return;
        lock (_lock)
        {
            long now = Environment.TickCount64;
            if (_drawn != 0 && now - _drawn < Interval.TotalMilliseconds)
                return;
            _drawn = now;
            int filled = (int)(Math.Clamp(done, 0, 1) * BarWidth);
            string line = $"{what} {new string('━', filled)}{new string('·', BarWidth - filled)} {Words.Percent(done)} {detail}";
            streams.Error.Write($"\r\e[K{(line.Length < streams.Width ? line : line[..(streams.Width - 1)])}");
        }
    }

    /// <summary>Removes the line.</summary>
    public void Dispose()
    {
        if (_enabled && _drawn != 0)
            streams.Error.Write("\r\e[K");
    }
}

using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;
using Spectre.Console;

namespace Freshet.Cli.Transfers;

/// <summary>One steady screen on a terminal, redrawn in place, with what happens scrolling away above it.</summary>
internal sealed class LiveReporter : ITransferReporter
{
    private readonly IConsoleStreams _streams;
    private readonly IAnsiConsole _console;
    private readonly TaskCompletionSource _end = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private readonly Task _screen;
    private LiveDisplayContext? _context;
    private string? _summary;

    public LiveReporter(IConsoleStreams streams)
    {
        _streams = streams;
        _console = SpectreOutput.CreateConsole(streams);
        _screen = _console.Live(new Text("")).AutoClear(false).Overflow(VerticalOverflow.Ellipsis).StartAsync(context =>
        {
            _context = context;
            return _end.Task;
        });
    }

    public TimeSpan Interval => TimeSpan.FromMilliseconds(250);

    public void Listening(IPEndPoint endPoint)
    {
    }

    public void Added(TorrentMetainfo metainfo)
    {
    }

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
        lock (_lock)
            _context?.UpdateTarget(LiveScreen.Of(statuses, _streams.Width));
    }

    public void Completed(TorrentStatus status, TimeSpan took) => Line($"{status.Name}: complete after {Words.Of(took)}", "green");

    public void Seeding(TorrentStatus status)
    {
    }

    public void Paused(TorrentStatus status, string reason) => Line($"{status.Name}: paused: {reason}", "yellow");

    public void Warning(string message, InfoHash? infoHash) => Line("warning: " + message, "yellow");

    public void Error(string message, InfoHash? infoHash)
    {
        // Someone at the terminal sees it above the screen; where errors are kept in a file, that has to have it too.
        if (_streams.ErrorIsTerminal)
            Line("freshet: " + message, "red");
        else
            _streams.Error.WriteLine("freshet: " + SafeText.Of(message));
    }

    public void Finished(int exitCode, string? summary) => _summary = summary;

    public async ValueTask DisposeAsync()
    {
        _end.TrySetResult();
        await _screen.ConfigureAwait(false);
        if (_summary is not null)
            _console.WriteLine(SafeText.Of(_summary));
    }

    private void Line(string text, string color)
    {
        // It is written over the screen's first line, which is drawn again below: spaces cover what that had more.
        string line = SafeText.Of(text).PadRight(_streams.Width - 1);
        lock (_lock)
            _console.MarkupLine($"[{color}]{Markup.Escape(line)}[/]");
    }
}

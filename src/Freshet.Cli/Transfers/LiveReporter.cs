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
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Trouble = new(Color.Yellow);
    private static readonly Style Bad = new(Color.Red);

    private readonly IConsoleStreams _streams;
    private readonly SteadyScreen _screen;
    private readonly Lock _lock = new();
    private readonly HashSet<InfoHash> _seeding = [];
    private IReadOnlyList<TorrentStatus> _statuses = [];
    private int _torrents;
    private string? _summary;

    public LiveReporter(IConsoleStreams streams)
    {
        _streams = streams;
        _screen = new SteadyScreen(SpectreOutput.CreateConsole(streams), streams);
    }

    public TimeSpan Interval => TimeSpan.FromMilliseconds(250);

    public void Listening(IPEndPoint endPoint)
    {
    }

    public void Added(TorrentMetainfo metainfo) => Interlocked.Increment(ref _torrents);

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
        lock (_lock)
        {
            // What only waits for the others was told of when it was complete.
            _statuses = [.. statuses.Where(status => status.State != TorrentState.Seeding || _seeding.Contains(status.InfoHash))];
            _screen.Draw(LiveScreen.Of(_statuses, _streams.Width));
        }
    }

    public void Completed(TorrentStatus status, TimeSpan took)
    {
        // Of one torrent alone the closing line says it.
        if (_torrents > 1)
            Line($"{status.Name}: complete after {Words.Of(took)}", Good);
    }

    public void Seeding(TorrentStatus status)
    {
        lock (_lock)
            _seeding.Add(status.InfoHash);
    }

    public void Paused(TorrentStatus status, string reason) => Line($"{status.Name}: paused: {reason}", Trouble);

    public void Warning(string message, InfoHash? infoHash)
    {
        if (_streams.ErrorIsTerminal)
            Line("freshet: warning: " + message, Trouble);
        else
            _streams.Error.WriteLine("freshet: warning: " + SafeText.Of(message));
    }

    public void Error(string message, InfoHash? infoHash)
    {
        // Someone at the terminal sees it above the screen; where errors are kept in a file, that has to have it too.
        if (_streams.ErrorIsTerminal)
            Line("freshet: " + message, Bad);
        else
            _streams.Error.WriteLine("freshet: " + SafeText.Of(message));
    }

    public void Finished(int exitCode, string? summary) => _summary = summary;

    public ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            _screen.Close();
            if (_summary is not null)
                _screen.WriteAbove(SafeText.Of(_summary), Style.Plain);
        }

        return ValueTask.CompletedTask;
    }

    private void Line(string text, Style style)
    {
        lock (_lock)
        {
            _screen.WriteAbove(SafeText.Of(text), style);
            _screen.Draw(LiveScreen.Of(_statuses, _streams.Width));
        }
    }
}

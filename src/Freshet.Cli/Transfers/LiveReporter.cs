using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Spectre.Console;

namespace Freshet.Cli.Transfers;

/// <summary>
/// A steady screen on a terminal, redrawn in place, with events scrolling away above it. Ctrl-Z removes the screen, and it is redrawn when
/// the process continues.
/// </summary>
internal sealed class LiveReporter : ITransferReporter
{
    private static readonly Style Good = new(Color.Green);
    private static readonly Style Trouble = new(Color.Yellow);
    private static readonly Style Bad = new(Color.Red);
    private static readonly Style Rest = new(Color.Grey);

    private readonly IConsoleStreams _streams;
    private readonly SteadyScreen _screen;
    private readonly ErrorLines _errors;
    private readonly IDisposable? _jobControl;
    private readonly Lock _lock = new();
    private readonly HashSet<InfoHash> _seeding = [];
    private IReadOnlyList<TorrentStatus> _statuses = [];
    private int _torrents;
    private bool _isSuspended;
    private string? _summary;

    public LiveReporter(IConsoleStreams streams)
    {
        _streams = streams;
        _screen = new SteadyScreen(SpectreOutput.CreateConsole(streams), streams);
        _errors = new ErrorLines(streams);
        _jobControl = streams.ControlJob(Suspend, Resume);
    }

    public TimeSpan Interval => TimeSpan.FromMilliseconds(250);

    public void Listening(IPEndPoint endPoint, int? takenPort)
    {
        if (takenPort is { } taken)
            Line($"Listening on {endPoint}, since port {taken} is taken", Rest);
    }

    public void Added(InfoHash infoHash, string name, ByteSize? size) => Interlocked.Increment(ref _torrents);

    // From now on the screen shows the torrent by its name.
    public void Learned(InfoHash infoHash, TorrentMetainfo metainfo)
    {
    }

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
        lock (_lock)
        {
            _statuses = statuses;
            Draw();
        }
    }

    public void Completed(TorrentStatus status, TimeSpan took)
    {
        // If there is only one torrent, the closing line says it.
        if (_torrents > 1)
            Line($"{status.Name}: complete after {Words.Of(took)}", Good);
    }

    public void Seeding(TorrentStatus status)
    {
        lock (_lock)
            _seeding.Add(status.InfoHash);
    }

    public void SeedingEnded(TorrentStatus status, SeedLimit limit) => Line($"{status.Name}: {StatusWords.Of(limit)}", Good);

    public void Found(InfoHash infoHash, IReadOnlyList<PlacedFile> files) => Line(StatusWords.Of(files), Rest);

    public void Streaming(InfoHash infoHash, Uri url)
    {
        lock (_lock)
        {
            _screen.WriteAbove($"Play {url.AbsoluteUri}", Good);
            Draw();
        }
    }

    public void WaitingForDisk(TorrentStatus status, TorrentReason reason, string message) =>
        Line($"{status.Name}: waiting for the disk: {message}", Trouble);

    public void Resumed(TorrentStatus status) => Line($"{status.Name}: resumed", Good);

    public void Warning(string message, InfoHash? infoHash) => ErrorLine(ErrorLines.OfWarning(message), Trouble);

    public void Error(string message, InfoHash? infoHash, TorrentReason reason) => ErrorLine(ErrorLines.OfError(message), Bad);

    public void Log(string line) => ErrorLine(line, Rest);

    public void Finished(int exitCode, string? summary) => _summary = summary;

    public ValueTask DisposeAsync()
    {
        _jobControl?.Dispose();
        lock (_lock)
        {
            _screen.Close();
            if (_summary is not null)
                _screen.WriteAbove(SafeText.Of(_summary), Style.Plain);
        }

        return ValueTask.CompletedTask;
    }

    private void Suspend()
    {
        lock (_lock)
        {
            _screen.Close();
            _isSuspended = true;
        }
    }

    private void Resume()
    {
        lock (_lock)
        {
            // What is on the terminal now belongs to the shell.
            _screen.Forget();
            _isSuspended = false;
            Draw();
        }
    }

    private void Draw()
    {
        if (!_isSuspended)
            _screen.Draw(LiveScreen.Of(_statuses, _seeding, _streams.Width, _screen.Room));
    }

    /// <summary>On a terminal, the line is shown above the screen; if errors are redirected to a file, it goes to the file.</summary>
    private void ErrorLine(string line, Style style)
    {
        if (_streams.ErrorIsTerminal)
            Line(line, style);
        else
            _errors.Write(line);
    }

    private void Line(string text, Style style)
    {
        lock (_lock)
        {
            _screen.WriteAbove(SafeText.Of(Secrets.Mask(text)), style);
            Draw();
        }
    }
}

using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>
/// Lines of plain text, for a log or a pipe: one for each event, and every few seconds one for each torrent whose line has changed.
/// </summary>
internal sealed class PlainReporter(IConsoleStreams streams) : ITransferReporter
{
    private readonly ErrorLines _errors = new(streams);
    private readonly Lock _lock = new();
    private readonly HashSet<InfoHash> _seeding = [];
    private readonly Dictionary<InfoHash, string> _last = [];

    public TimeSpan Interval => TimeSpan.FromSeconds(5);

    public void Listening(IPEndPoint endPoint, int? takenPort) =>
        Line(takenPort is { } taken ? $"Listening on {endPoint}, since port {taken} is taken" : $"Listening on {endPoint}");

    public void Added(InfoHash infoHash, string name, ByteSize? size) => Line(
        size is { } known ? $"{name}: {known}, info-hash {infoHash}" : $"{name}: info-hash {infoHash}, its metadata is fetched from peers");

    public void Learned(InfoHash infoHash, TorrentMetainfo metainfo) =>
        Line($"{metainfo.Name}: metadata received, {new ByteSize(metainfo.Layout.TotalLength)} in "
            + Words.Count(metainfo.Files.Count(file => !file.IsPadding), "file"));

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
        lock (_lock)
        {
            foreach (TorrentStatus status in statuses)
                WriteIfChanged(status);
        }
    }

    public void Completed(TorrentStatus status, TimeSpan took) => Line($"{status.Name}: complete after {Words.Of(took)}");

    public void Seeding(TorrentStatus status)
    {
        lock (_lock)
            _seeding.Add(status.InfoHash);
        Line($"{status.Name}: seeding");
    }

    public void SeedingEnded(TorrentStatus status, SeedLimit limit) => Line($"{status.Name}: {StatusWords.Of(limit)}");

    public void Found(InfoHash infoHash, IReadOnlyList<PlacedFile> files) => Line(StatusWords.Of(files));

    public void Streaming(InfoHash infoHash, Uri url)
    {
        // The full URL: no part of it is a secret.
        lock (_lock)
        {
            streams.Out.WriteLine($"Play {url.AbsoluteUri}");
            streams.Out.Flush();
        }
    }

    public void WaitingForDisk(TorrentStatus status, TorrentReason reason, string message) =>
        Line($"{status.Name}: waiting for the disk: {message}");

    public void Resumed(TorrentStatus status) => Line($"{status.Name}: resumed");

    public void Warning(string message, InfoHash? infoHash) => _errors.Warning(message);

    public void Error(string message, InfoHash? infoHash, TorrentReason reason) => _errors.Error(message);

    public void Log(string line) => _errors.Write(line);

    public void Finished(int exitCode, string? summary)
    {
        if (summary is not null)
            Line(summary);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void WriteIfChanged(TorrentStatus status)
    {
        // A torrent that only waits for the others was reported when it was complete.
        if (status.State == TorrentState.Seeding && !_seeding.Contains(status.InfoHash))
            return;
        string text = $"{status.Name}: {StatusWords.Of(status)}";
        if (_last.TryGetValue(status.InfoHash, out string? last) && last == text)
            return;
        _last[status.InfoHash] = text;
        Line(text);
    }

    private void Line(string text)
    {
        lock (_lock)
        {
            streams.Out.WriteLine(SafeText.Of(Secrets.Mask(text)));
            streams.Out.Flush();
        }
    }
}

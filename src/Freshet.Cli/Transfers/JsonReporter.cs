using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>
/// Writes a JSON line for each event, and once a second for each torrent whose status has changed. Errors go to the error stream as well.
/// </summary>
internal sealed class JsonReporter(IConsoleStreams streams, TimeProvider clock) : ITransferReporter
{
    private readonly JsonEvents _events = new(streams, clock);
    private readonly ErrorLines _errors = new(streams);
    private readonly Lock _lock = new();
    private readonly Dictionary<InfoHash, TorrentStatus> _last = [];

    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void Listening(IPEndPoint endPoint, int? takenPort) => _events.Listening(endPoint, takenPort);

    public void Added(InfoHash infoHash, string name, ByteSize? size) => _events.Added(infoHash, name, size);

    public void Learned(InfoHash infoHash, TorrentMetainfo metainfo) => _events.Learned(infoHash, metainfo);

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
        lock (_lock)
        {
            foreach (TorrentStatus status in statuses)
                WriteIfChanged(status);
        }
    }

    public void Completed(TorrentStatus status, TimeSpan took)
    {
        // Full progress is reported before completion.
        lock (_lock)
            WriteIfChanged(status);
        _events.Completed(status.InfoHash, took);
    }

    public void Seeding(TorrentStatus status) => _events.Seeding(status.InfoHash);

    public void SeedingEnded(TorrentStatus status, SeedLimit limit) => _events.SeedingEnded(status.InfoHash, limit);

    public void Found(InfoHash infoHash, IReadOnlyList<PlacedFile> files) => _events.Found(infoHash, files);

    public void Streaming(InfoHash infoHash, Uri url) => _events.Streaming(infoHash, url);

    public void WaitingForDisk(TorrentStatus status, TorrentReason reason, string message) =>
        _events.WaitingForDisk(status.InfoHash, reason, message);

    public void Resumed(TorrentStatus status) => _events.Resumed(status.InfoHash, status.State);

    public void Warning(string message, InfoHash? infoHash) => _events.Warning(message, infoHash);

    public void Error(string message, InfoHash? infoHash, TorrentReason reason)
    {
        _errors.Error(message);
        _events.Error(message, infoHash, reason);
    }

    public void Log(string line) => _errors.Write(line);

    public void Finished(int exitCode, string? summary) => _events.Finished(exitCode);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void WriteIfChanged(TorrentStatus status)
    {
        if (_last.TryGetValue(status.InfoHash, out TorrentStatus? last) && last == status)
            return;
        _last[status.InfoHash] = status;
        if (status.State == TorrentState.Checking)
            _events.Checking(status.InfoHash, status.Progress);
        else
            _events.Progress(status with { Progress = StatusWords.Done(status) });
    }
}

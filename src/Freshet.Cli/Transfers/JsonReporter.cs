using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>A JSON line per event, and per torrent and second. Reasons of failures go to the error stream as well.</summary>
internal sealed class JsonReporter(IConsoleStreams streams, TimeProvider clock) : ITransferReporter
{
    private readonly JsonEvents _events = new(streams, clock);

    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void Listening(IPEndPoint endPoint) => _events.Listening(endPoint);

    public void Added(TorrentMetainfo metainfo) => _events.Added(metainfo);

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
        foreach (TorrentStatus status in statuses)
        {
            if (status.State == TorrentState.Checking)
                _events.Checking(status.InfoHash, status.Progress);
            else
                _events.Progress(status);
        }
    }

    public void Completed(TorrentStatus status, TimeSpan took) => _events.Completed(status.InfoHash, took);

    public void Seeding(TorrentStatus status) => _events.Seeding(status.InfoHash);

    public void Paused(TorrentStatus status, string reason) => _events.Paused(status.InfoHash, reason);

    public void Warning(string message, InfoHash? infoHash) => _events.Warning(message, infoHash);

    public void Error(string message, InfoHash? infoHash)
    {
        streams.Error.WriteLine("freshet: " + SafeText.Of(message));
        _events.Error(message, infoHash);
    }

    public void Finished(int exitCode, string? summary) => _events.Finished(exitCode);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

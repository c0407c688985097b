using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Lines of plain text, for a log or a pipe: one an event, and one every few seconds for each torrent.</summary>
internal sealed class PlainReporter(IConsoleStreams streams) : ITransferReporter
{
    private readonly Lock _lock = new();
    private readonly HashSet<InfoHash> _seeding = [];

    public TimeSpan Interval => TimeSpan.FromSeconds(5);

    public void Listening(IPEndPoint endPoint) => Line($"Listening on {endPoint}");

    public void Added(TorrentMetainfo metainfo) =>
        Line($"{metainfo.Name}: {new ByteSize(metainfo.Layout.TotalLength)}, info-hash {metainfo.SwarmHash}");

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
        foreach (TorrentStatus status in statuses)
        {
            // What only waits for the others was told of when it was complete.
            if (status.State != TorrentState.Seeding || _seeding.Contains(status.InfoHash))
                Line($"{status.Name}: {StatusWords.Of(status)}");
        }
    }

    public void Completed(TorrentStatus status, TimeSpan took) => Line($"{status.Name}: complete after {Words.Of(took)}");

    public void Seeding(TorrentStatus status)
    {
        _seeding.Add(status.InfoHash);
        Line($"{status.Name}: seeding");
    }

    public void Paused(TorrentStatus status, string reason) => Line($"{status.Name}: paused: {reason}");

    public void Warning(string message, InfoHash? infoHash) => streams.Error.WriteLine("freshet: warning: " + SafeText.Of(message));

    public void Error(string message, InfoHash? infoHash) => streams.Error.WriteLine("freshet: " + SafeText.Of(message));

    public void Finished(int exitCode, string? summary)
    {
        if (summary is not null)
            Line(summary);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Line(string text)
    {
        lock (_lock)
        {
            streams.Out.WriteLine(SafeText.Of(text));
            streams.Out.Flush();
        }
    }
}

using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Cli.Output;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Warnings and errors alone.</summary>
internal sealed class QuietReporter(IConsoleStreams streams) : ITransferReporter
{
    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void Listening(IPEndPoint endPoint)
    {
    }

    public void Added(TorrentMetainfo metainfo)
    {
    }

    public void Progress(IReadOnlyList<TorrentStatus> statuses)
    {
    }

    public void Completed(TorrentStatus status, TimeSpan took)
    {
    }

    public void Seeding(TorrentStatus status)
    {
    }

    public void Paused(TorrentStatus status, string reason) => Warning($"{status.Name} is paused: {reason}", status.InfoHash);

    public void Warning(string message, InfoHash? infoHash) => streams.Error.WriteLine("freshet: warning: " + SafeText.Of(message));

    public void Error(string message, InfoHash? infoHash) => streams.Error.WriteLine("freshet: " + SafeText.Of(message));

    public void Finished(int exitCode, string? summary)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

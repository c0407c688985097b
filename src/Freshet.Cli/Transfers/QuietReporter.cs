using System.Net;
using Freshet.Cli.Consoles;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Reports warnings and errors only.</summary>
internal sealed class QuietReporter(IConsoleStreams streams) : ITransferReporter
{
    private readonly ErrorLines _errors = new(streams);

    public TimeSpan Interval => TimeSpan.FromSeconds(1);

    public void Listening(IPEndPoint endPoint, int? takenPort)
    {
    }

    public void Added(InfoHash infoHash, string name, ByteSize? size)
    {
    }

    public void Learned(InfoHash infoHash, TorrentMetainfo metainfo)
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

    public void SeedingEnded(TorrentStatus status, SeedLimit limit)
    {
    }

    public void Found(InfoHash infoHash, IReadOnlyList<PlacedFile> files)
    {
    }

    // Without the URL nothing could be played.
    public void Streaming(InfoHash infoHash, Uri url)
    {
        streams.Out.WriteLine(url.AbsoluteUri);
        streams.Out.Flush();
    }

    public void WaitingForDisk(TorrentStatus status, TorrentReason reason, string message) =>
        _errors.Warning($"{status.Name} waits for the disk: {message}");

    public void Resumed(TorrentStatus status) => _errors.Warning($"{status.Name} has resumed");

    public void Warning(string message, InfoHash? infoHash) => _errors.Warning(message);

    public void Error(string message, InfoHash? infoHash, TorrentReason reason) => _errors.Error(message);

    public void Log(string line) => _errors.Write(line);

    public void Finished(int exitCode, string? summary)
    {
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}

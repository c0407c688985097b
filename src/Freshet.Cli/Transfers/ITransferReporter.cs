using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Tells how downloads and seeds go: to a person at a terminal, to a log, to a script, or to nobody.</summary>
internal interface ITransferReporter : IAsyncDisposable
{
    /// <summary>How often <see cref="Progress"/> is wanted.</summary>
    TimeSpan Interval { get; }

    void Listening(IPEndPoint endPoint);

    void Added(TorrentMetainfo metainfo);

    /// <summary>Where all torrents of the run stand.</summary>
    void Progress(IReadOnlyList<TorrentStatus> statuses);

    void Completed(TorrentStatus status, TimeSpan took);

    void Seeding(TorrentStatus status);

    void Paused(TorrentStatus status, string reason);

    void Warning(string message, InfoHash? infoHash);

    void Error(string message, InfoHash? infoHash);

    /// <summary>The last of all.</summary>
    /// <param name="exitCode">What the run ends with.</param>
    /// <param name="summary">A line that says what was done, or null if an error has said it.</param>
    void Finished(int exitCode, string? summary);
}

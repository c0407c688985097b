using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Reports the progress of downloads and seeds: to a person at a terminal, to a log, to a script, or to nobody.</summary>
internal interface ITransferReporter : IAsyncDisposable
{
    /// <summary>How often <see cref="Progress"/> should be called.</summary>
    TimeSpan Interval { get; }

    /// <summary>Peers can connect.</summary>
    /// <param name="endPoint">The endpoint.</param>
    /// <param name="takenPort">The usual port, if it is taken and another one is used.</param>
    void Listening(IPEndPoint endPoint, int? takenPort);

    /// <param name="infoHash">The torrent.</param>
    /// <param name="name">Its name, as far as it is known.</param>
    /// <param name="size">The size of its files in bytes; null until its metadata is known.</param>
    void Added(InfoHash infoHash, string name, ByteSize? size);

    /// <summary>Files of a torrent were found under other names, and have their own now.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="files">The files, at least one.</param>
    void Found(InfoHash infoHash, IReadOnlyList<PlacedFile> files);

    /// <summary>The metadata of a magnet link is known.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="metainfo">Its content.</param>
    void Learned(InfoHash infoHash, TorrentMetainfo metainfo);

    /// <summary>The status of all torrents of the run.</summary>
    void Progress(IReadOnlyList<TorrentStatus> statuses);

    /// <summary>Everything wanted of a torrent is complete.</summary>
    void Completed(TorrentStatus status, TimeSpan took);

    void Seeding(TorrentStatus status);

    /// <summary>A torrent has reached its seed limit.</summary>
    void SeedingEnded(TorrentStatus status, SeedLimit limit);

    /// <summary>A file is served to players.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="url">The URL.</param>
    void Streaming(InfoHash infoHash, Uri url);

    /// <summary>The disk of a torrent fails; the torrent resumes by itself.</summary>
    void WaitingForDisk(TorrentStatus status, TorrentReason reason, string message);

    void Resumed(TorrentStatus status);

    void Warning(string message, InfoHash? infoHash);

    /// <param name="message">What went wrong.</param>
    /// <param name="infoHash">The torrent; null if it is about the run.</param>
    /// <param name="reason">The reason code, if there is one.</param>
    void Error(string message, InfoHash? infoHash, TorrentReason reason = TorrentReason.None);

    /// <summary>A line of the log, for the error stream.</summary>
    void Log(string line);

    /// <summary>The end of the run; the last call.</summary>
    /// <param name="exitCode">The exit code.</param>
    /// <param name="summary">A line that says what was done, or null if an error has said it.</param>
    void Finished(int exitCode, string? summary);
}

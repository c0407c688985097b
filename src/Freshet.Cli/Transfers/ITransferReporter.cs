using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Reports how downloads and seeds go: to a person at a terminal, to a log, to a script, or to nobody.</summary>
internal interface ITransferReporter : IAsyncDisposable
{
    /// <summary>How often <see cref="Progress"/> is wanted.</summary>
    TimeSpan Interval { get; }

    /// <summary>Peers can connect.</summary>
    /// <param name="endPoint">Where.</param>
    /// <param name="takenPort">The usual port, if it is taken and another one is used.</param>
    void Listening(IPEndPoint endPoint, int? takenPort);

    /// <param name="infoHash">The torrent.</param>
    /// <param name="name">Its name, as far as it is known.</param>
    /// <param name="size">Bytes of its files; null as long as its metadata is not known.</param>
    void Added(InfoHash infoHash, string name, ByteSize? size);

    /// <summary>The metadata of a magnet link is known.</summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="metainfo">What it holds.</param>
    void Learned(InfoHash infoHash, TorrentMetainfo metainfo);

    /// <summary>Where all torrents of the run stand.</summary>
    void Progress(IReadOnlyList<TorrentStatus> statuses);

    /// <summary>Everything that was wanted of a torrent is there.</summary>
    void Completed(TorrentStatus status, TimeSpan took);

    void Seeding(TorrentStatus status);

    /// <summary>A torrent has seeded enough.</summary>
    void SeedingEnded(TorrentStatus status, SeedLimit limit);

    /// <summary>A file is served to players.</summary>
    /// <param name="infoHash">Of which torrent.</param>
    /// <param name="url">Where.</param>
    void Streaming(InfoHash infoHash, Uri url);

    /// <summary>The disk of a torrent fails; the torrent resumes by itself.</summary>
    void WaitingForDisk(TorrentStatus status, TorrentReason reason, string message);

    void Resumed(TorrentStatus status);

    void Warning(string message, InfoHash? infoHash);

    /// <param name="message">What went wrong.</param>
    /// <param name="infoHash">Of which torrent; null if it is about the run.</param>
    /// <param name="reason">The same for programs, if there is a code for it.</param>
    void Error(string message, InfoHash? infoHash, TorrentReason reason = TorrentReason.None);

    /// <summary>A line of the log, for the error stream.</summary>
    void Log(string line);

    /// <summary>The last of all.</summary>
    /// <param name="exitCode">What the run ends with.</param>
    /// <param name="summary">A line that says what was done, or null if an error has said it.</param>
    void Finished(int exitCode, string? summary);
}

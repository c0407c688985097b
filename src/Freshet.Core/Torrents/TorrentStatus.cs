using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>A torrent at one moment. Immutable; reading it takes no lock and disturbs nobody.</summary>
public sealed record TorrentStatus
{
    /// <summary>The torrent.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    public required TorrentState State { get; init; }

    /// <summary>The words behind <see cref="TorrentState.WaitingForDisk"/> and <see cref="TorrentState.Failed"/>; else null.</summary>
    public string? Reason { get; init; }

    /// <summary>The same for programs; <see cref="TorrentReason.None"/> in other states.</summary>
    public TorrentReason ReasonCode { get; init; }

    /// <summary>Why it is not faster, or what it is busy with, in a sentence for people.</summary>
    public required string Why { get; init; }

    /// <summary>The same for programs.</summary>
    public WhyCode WhyCode { get; init; }

    /// <summary>The numbers behind it, whatever the code.</summary>
    public WhyNumbers WhyNumbers { get; init; }

    /// <summary>
    /// How many torrents that wait come before it in the queue: those that wait to be active, or while <see cref="TorrentState.Checking"/>
    /// those that wait to be checked. 0 if it is the next; null if it does not wait. Beyond 16 it may lag behind by an eighth.
    /// </summary>
    public int? QueuedBehind { get; init; }

    /// <summary>The part of the wanted bytes that is there and verified, 0 to 1. While checking: the part that is checked.</summary>
    public required double Progress { get; init; }

    /// <summary>Pieces that are there and verified.</summary>
    public required int PiecesHave { get; init; }

    /// <summary>All pieces.</summary>
    public required int PieceCount { get; init; }

    /// <summary>Wanted bytes still missing.</summary>
    public required ByteSize Left { get; init; }

    /// <summary>Payload received in this run.</summary>
    public required ByteSize Downloaded { get; init; }

    /// <summary>Payload sent in this run.</summary>
    public required ByteSize Uploaded { get; init; }

    /// <summary>Payload received for nothing: duplicates, unasked for, or of a piece that failed its hash.</summary>
    public required ByteSize Wasted { get; init; }

    /// <summary>Payload received per second, over the last few seconds.</summary>
    public required DataRate DownloadRate { get; init; }

    /// <summary>Payload sent per second, over the last few seconds.</summary>
    public required DataRate UploadRate { get; init; }

    /// <summary>Connected peers.</summary>
    public required int Peers { get; init; }

    /// <summary>Connected peers that have every piece.</summary>
    public required int Seeds { get; init; }

    /// <summary>
    /// How many connected peers have the piece that fewest have, of those that are missing here and wanted; null if none is missing, or
    /// that is not known. With 0 and no web seed, it cannot be completed now.
    /// </summary>
    public int? Availability { get; init; }

    /// <summary>
    /// Copies of the torrent in the swarm that is connected, ours and parts of copies among them: the count of the rarest piece, and after
    /// the point the part of the pieces that are not as rare. While nothing is missing, only whole copies are counted. Null without
    /// metadata.
    /// </summary>
    public double? DistributedCopies { get; init; }

    /// <summary>Web seeds that are asked now.</summary>
    public int WebSeeds { get; init; }

    /// <summary>Addresses known and not connected.</summary>
    public required int KnownPeers { get; init; }

    /// <summary>How long until it is complete at the present rate; null if that is never or unknown.</summary>
    public TimeSpan? Eta { get; init; }
}

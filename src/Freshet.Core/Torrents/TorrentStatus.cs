using Freshet.Core.Metainfo;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>A snapshot of a torrent. Immutable; reading it takes no lock.</summary>
public sealed record TorrentStatus
{
    /// <summary>The torrent's info-hash.</summary>
    public required InfoHash InfoHash { get; init; }

    /// <summary>The torrent's name.</summary>
    public required string Name { get; init; }

    /// <summary>The torrent's state.</summary>
    public required TorrentState State { get; init; }

    /// <summary>
    /// The reason for <see cref="TorrentState.WaitingForDisk"/> or <see cref="TorrentState.Failed"/>, as text; null in other states.
    /// </summary>
    public string? Reason { get; init; }

    /// <summary>The same reason as a code for programs; <see cref="TorrentReason.None"/> in other states.</summary>
    public TorrentReason ReasonCode { get; init; }

    /// <summary>Why the torrent is not faster, or what it is doing, in one sentence for people.</summary>
    public required string Why { get; init; }

    /// <summary>The same as a code for programs.</summary>
    public WhyCode WhyCode { get; init; }

    /// <summary>The numbers behind <see cref="Why"/>, whatever the code.</summary>
    public WhyNumbers WhyNumbers { get; init; }

    /// <summary>
    /// How many waiting torrents are ahead in the queue: those that wait to become active or, while <see cref="TorrentState.Checking"/>,
    /// those that wait to be checked. 0 if this is the next; null if it does not wait. Above 16 the number may lag behind by an eighth.
    /// </summary>
    public int? QueuedBehind { get; init; }

    /// <summary>The verified share of the wanted bytes, 0 to 1. While checking: the share that has been checked.</summary>
    public required double Progress { get; init; }

    /// <summary>The number of verified pieces.</summary>
    public required int PiecesHave { get; init; }

    /// <summary>The number of pieces of the torrent.</summary>
    public required int PieceCount { get; init; }

    /// <summary>Wanted bytes that are missing.</summary>
    public required ByteSize Left { get; init; }

    /// <summary>Payload received in this run.</summary>
    public required ByteSize Downloaded { get; init; }

    /// <summary>Payload sent in this run.</summary>
    public required ByteSize Uploaded { get; init; }

    /// <summary>Payload received in vain: duplicates, unrequested blocks, and pieces that failed their hash check.</summary>
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
    /// How many connected peers have the rarest piece among those that are wanted and missing; null if none is missing, or that is unknown.
    /// At 0 and without a web seed, the torrent cannot be completed now.
    /// </summary>
    public int? Availability { get; init; }

    /// <summary>
    /// Distributed copies in the connected swarm, ours included: the integer part is the number of copies of the rarest piece, the fraction
    /// is the share of pieces that are less rare. While nothing is missing, only complete copies are counted. Null without metadata.
    /// </summary>
    public double? DistributedCopies { get; init; }

    /// <summary>Web seeds currently in use.</summary>
    public int WebSeeds { get; init; }

    /// <summary>Known addresses that are not connected.</summary>
    public required int KnownPeers { get; init; }

    /// <summary>
    /// The port check: whether peers on the internet can connect to us; null if that is not known. It is the same for all torrents of a
    /// session, and checked every second.
    /// </summary>
    public bool? IsReachable { get; init; }

    /// <summary>The time to completion at the current rate; null if never or unknown.</summary>
    public TimeSpan? Eta { get; init; }
}

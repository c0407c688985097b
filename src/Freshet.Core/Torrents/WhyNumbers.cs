using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>The numbers behind <see cref="TorrentStatus.Why"/>.</summary>
public readonly record struct WhyNumbers
{
    /// <summary>Connected peers that have something that is wanted and missing.</summary>
    public int InterestingPeers { get; init; }

    /// <summary>Those of them that do not choke us.</summary>
    public int OpenPeers { get; init; }

    /// <summary>Connected peers that send to us: they sent a block in the last 5 s, or owe us blocks and have not stalled.</summary>
    public int SendingPeers { get; init; }

    /// <summary>Web seeds that sent a block in the last 5 s.</summary>
    public int SendingWebSeeds { get; init; }

    /// <summary>Connected peers that are interested and unchoked.</summary>
    public int ServedPeers { get; init; }

    /// <summary>Known addresses that could be dialled at once if connections were free.</summary>
    public int WaitingAddresses { get; init; }

    /// <summary>The rate limit that holds the torrent up, with <see cref="WhyCode.OurLimit"/>; otherwise null.</summary>
    public DataRate? Limit { get; init; }

    /// <summary>What that limit applies to; null if there is none.</summary>
    public LimitScope? LimitScope { get; init; }

    /// <summary>Bytes received that are not yet both written and verified.</summary>
    public ByteSize Unverified { get; init; }

    /// <summary>Pieces that failed their hash check in this run.</summary>
    public int HashFailures { get; init; }

    /// <summary>The progress of fetching the metadata; null once it is known.</summary>
    public MetadataProgress? Metadata { get; init; }
}

using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>The numbers behind <see cref="TorrentStatus.Why"/>.</summary>
public readonly record struct WhyNumbers
{
    /// <summary>Connected peers that have something that is missing here and wanted.</summary>
    public int InterestingPeers { get; init; }

    /// <summary>Those of them that let us request.</summary>
    public int OpenPeers { get; init; }

    /// <summary>Connected peers that send to us: they gave something in the last 5 s, or owe us something and do not stall.</summary>
    public int SendingPeers { get; init; }

    /// <summary>Web seeds that gave something in the last 5 s.</summary>
    public int SendingWebSeeds { get; init; }

    /// <summary>Connected peers that want something and may request it.</summary>
    public int ServedPeers { get; init; }

    /// <summary>Known addresses that could be dialled at once, were there connections for them.</summary>
    public int WaitingAddresses { get; init; }

    /// <summary>The rate limit that holds the torrent up, with <see cref="WhyCode.OurLimit"/>; else null.</summary>
    public DataRate? Limit { get; init; }

    /// <summary>What that limit applies to; null where there is none.</summary>
    public LimitScope? LimitScope { get; init; }

    /// <summary>Bytes received that are not yet both written and verified.</summary>
    public ByteSize Unverified { get; init; }

    /// <summary>Pieces that failed their hash in this run.</summary>
    public int HashFailures { get; init; }

    /// <summary>How far the metadata has come; null once it is known.</summary>
    public MetadataProgress? Metadata { get; init; }
}

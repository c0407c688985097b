using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>The properties of a peer.</summary>
internal sealed record SimPeerOptions
{
    /// <summary>Whether it starts with everything.</summary>
    public bool IsSeed { get; init; }

    /// <summary>Whether it starts with the info-hash only.</summary>
    public bool IsMagnet { get; init; }

    /// <summary>Whether it exchanges metadata and addresses with others.</summary>
    public bool HasExchange { get; init; }

    public DataRate Uplink { get; init; } = DataRate.FromMiB(4);

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Its download rate; null if it is unlimited.</summary>
    public DataRate? Downlink { get; init; }

    /// <summary>The latency towards it; null if it is the same as in the other direction.</summary>
    public TimeSpan? LatencyIn { get; init; }

    /// <summary>Whether nobody can connect to it.</summary>
    public bool IsBehindNat { get; init; }

    /// <summary>The fraction of its sends that are lost once.</summary>
    public double Loss { get; init; }

    /// <summary>The number of blocks of memory that it has.</summary>
    public int PoolBlocks { get; init; } = 256;

    /// <summary>How often it records what it has verified.</summary>
    public TimeSpan BetweenCheckpoints { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What its session divides among torrents.</summary>
    public SessionLimits Limits { get; init; } = new() { Connections = 450, IncomingBeyond = 50, Dials = 50 };

    public TorrentSettings Settings { get; init; } = new();
}

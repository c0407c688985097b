using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>How a peer is.</summary>
internal sealed record SimPeerOptions
{
    /// <summary>Whether it begins with everything.</summary>
    public bool IsSeed { get; init; }

    /// <summary>Whether it begins with the info-hash alone.</summary>
    public bool IsMagnet { get; init; }

    /// <summary>Whether it exchanges metadata and addresses with others.</summary>
    public bool HasExchange { get; init; }

    public DataRate Uplink { get; init; } = DataRate.FromMiB(4);

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>What it can receive; null if that holds nothing up.</summary>
    public DataRate? Downlink { get; init; }

    /// <summary>The way to it; null if it is as long as the way from it.</summary>
    public TimeSpan? LatencyIn { get; init; }

    /// <summary>Whether nobody can connect to it.</summary>
    public bool IsBehindNat { get; init; }

    /// <summary>The part of its sends that are lost once.</summary>
    public double Loss { get; init; }

    /// <summary>Blocks of memory it has.</summary>
    public int PoolBlocks { get; init; } = 256;

    /// <summary>How often it records what it has verified.</summary>
    public TimeSpan BetweenCheckpoints { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What its session has to divide.</summary>
    public SessionLimits Limits { get; init; } = new() { Connections = 450, IncomingBeyond = 50, Dials = 50 };

    public TorrentSettings Settings { get; init; } = new();
}

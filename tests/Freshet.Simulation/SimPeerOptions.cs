using Freshet.Core.Rates;
using Freshet.Core.Sessions;
using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>How a peer is.</summary>
internal sealed record SimPeerOptions
{
    /// <summary>Whether it begins with everything.</summary>
    public bool IsSeed { get; init; }

    public DataRate Uplink { get; init; } = DataRate.FromMiB(4);

    public TimeSpan Latency { get; init; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The part of its sends that are lost once.</summary>
    public double Loss { get; init; }

    /// <summary>Blocks of memory it has.</summary>
    public int PoolBlocks { get; init; } = 256;

    /// <summary>What its session has to divide.</summary>
    public SessionLimits Limits { get; init; } = new() { Connections = 450, IncomingBeyond = 50, Dials = 50 };

    public TorrentSettings Settings { get; init; } = new();
}

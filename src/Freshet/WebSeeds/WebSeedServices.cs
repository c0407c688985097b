using Freshet.Connections;
using Freshet.Core.WebSeeds;
using Freshet.Diagnostics;
using Freshet.Disk;

namespace Freshet.WebSeeds;

/// <summary>What requests to web seeds need.</summary>
/// <param name="Client">The session's client.</param>
/// <param name="Blocks">The torrent's share of the memory for payload.</param>
/// <param name="DownloadLimit">The torrent's download limit.</param>
/// <param name="Metrics">The session's metrics.</param>
/// <param name="Time">The clock.</param>
internal sealed record WebSeedServices(
    WebSeedClient Client, BlockShare Blocks, RateLimit DownloadLimit, Metrics Metrics, TimeProvider Time)
{
    /// <summary>The torrent's slots for concurrent requests. Not disposed, since late requests still return their turn.</summary>
    public SemaphoreSlim Turns { get; } = new(WebSeedLimits.MaxFetchesOfTorrent);

    /// <summary>Counts a request that has ended.</summary>
    public void Count(FetchFault fault) => Metrics.AddWebSeedRequest(fault switch
    {
        FetchFault.None => "served",
        FetchFault.Unreachable => "unreachable",
        FetchFault.Busy => "busy",
        FetchFault.Refused => "refused",
        FetchFault.WrongFile => "wrong_file",
        FetchFault.NoRanges => "no_ranges",
        FetchFault.Misdirected => "misdirected",
        _ => "forbidden",
    });
}

using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire.Proxies;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet;

/// <summary>Looks for peers on the local networks by hand, without a session (BEP 14, by multicast on UDP port 6771).</summary>
public static class LocalSearch
{
    /// <summary>The most peers that one search finds.</summary>
    public const int MaxPeers = 1_000;

    /// <summary>How often a client names a torrent that it has: who listens as long hears of all that are near.</summary>
    public static TimeSpan Interval => TimeSpan.FromSeconds(Core.Local.LocalLimits.LocalTorrentSeconds);

    /// <summary>
    /// Listens for peers that say that they have a torrent. Nobody can be asked, and nothing is said, since others would connect to where
    /// nobody listens. Do not look for private torrents.
    /// </summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="time">How long, more than nothing.</param>
    /// <param name="access">On which interface or address, or null for every one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Peers, each once, in the order in which they were heard of.</returns>
    /// <exception cref="ArgumentException">Peers are to be reached through a proxy, which no local network is behind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<ImmutableArray<IPEndPoint>> FindPeersAsync(
        InfoHash infoHash, TimeSpan time, NetworkAccess? access = null, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(time, TimeSpan.Zero);
        NetworkWays ways = NetworkAccess.WaysOf(access);
        if (ways.IsProxied(ProxyUses.Peers))
            throw new ArgumentException("No local network is behind a proxy.", nameof(access));
        HashSet<IPEndPoint> heard = [];
        ImmutableArray<IPEndPoint>.Builder found = ImmutableArray.CreateBuilder<IPEndPoint>();
        using LocalDiscovery local = new(new LocalDiscoveryOptions
        {
            Binding = ways.Own,
            Time = TimeProvider.System,
            Port = static () => 0,
            PeerFound = (_, peer) =>
            {
                lock (heard)
                {
                    if (heard.Count < MaxPeers && heard.Add(peer))
                        found.Add(peer);
                }
            },
        });
        local.Set([infoHash], isAnnounced: true);
        await Task.Delay(time, cancellationToken).ConfigureAwait(false);
        lock (heard)
            return found.ToImmutable();
    }
}

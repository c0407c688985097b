using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Wire.Proxies;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet;

/// <summary>Looks for peers on the local networks, without a session (BEP 14, by multicast on UDP port 6771).</summary>
public static class LocalSearch
{
    /// <summary>The most peers that one search returns.</summary>
    public const int MaxPeers = 1_000;

    /// <summary>How often a client announces each of its torrents: a search of this length hears every client nearby.</summary>
    public static TimeSpan Interval => TimeSpan.FromSeconds(Core.Local.LocalLimits.LocalTorrentSeconds);

    /// <summary>
    /// Listens for peers that announce a torrent. It only listens: BEP 14 has no query, and an announcement would make others connect to a
    /// port where nobody listens. Do not search for private torrents.
    /// </summary>
    /// <param name="infoHash">The torrent.</param>
    /// <param name="time">How long to listen; must be positive.</param>
    /// <param name="access">The interface or address to listen on, or null for all.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    /// <returns>The peers, without duplicates, in the order in which they were heard.</returns>
    /// <exception cref="ArgumentException">Peers are to be reached through a proxy, which no local network is behind.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The time is not positive.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
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

using System.Collections.Immutable;
using Freshet.Discovery;

namespace Freshet;

/// <summary>How a session takes part in the DHT (BEP 5, BEP 32), which finds peers without trackers. Immutable.</summary>
public sealed record DhtOptions
{
    /// <summary>
    /// Well-known public bootstrap nodes, <c>host:port</c>. A session that is bound to a loopback address does not contact them.
    /// </summary>
    public static ImmutableArray<string> WellKnownBootstrap { get; } =
        ["router.bittorrent.com:6881", "dht.transmissionbt.com:6881", "router.utorrent.com:6881", "dht.libtorrent.org:25401"];

    /// <summary>
    /// The bootstrap nodes to contact while no other nodes are known, <c>host:port</c>, at most 32. Default:
    /// <see cref="WellKnownBootstrap"/>. If empty, nodes are learned only from torrents, peers and the state folder.
    /// </summary>
    public ImmutableArray<string> Bootstrap { get; init; } = WellKnownBootstrap;

    /// <summary>
    /// Whether only nodes whose id matches their address (BEP 42) are accepted. This keeps attackers from choosing their place in the DHT,
    /// but excludes older clients. Default: false.
    /// </summary>
    public bool EnforceNodeIds { get; init; }

    /// <summary>
    /// Whether the session sends queries but answers none (BEP 43), for machines that cannot be reached from outside or pay for each byte.
    /// Default: false.
    /// </summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Whether nodes on private networks and on this machine are queried and answered. Default: false. It is implied if the session is
    /// bound to a loopback address, or if <see cref="Bootstrap"/> contains an address of such a network (host names do not count).
    /// </summary>
    public bool AllowLocalNodes { get; init; }

    internal void Validate(List<string> errors)
    {
        const int MostHosts = 32;
        if (Bootstrap.IsDefault || Bootstrap.Length > MostHosts)
            errors.Add($"{nameof(SessionOptions.Dht)}.{nameof(Bootstrap)} has more than {MostHosts} hosts, or is not set");
        else
            errors.AddRange(Bootstrap.Where(static host => !DhtHost.TryParse(host, out _)).Select(static host =>
                $"{nameof(SessionOptions.Dht)}.{nameof(Bootstrap)} has '{host}': host:port"));
    }
}

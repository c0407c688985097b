using System.Collections.Immutable;
using Freshet.Discovery;

namespace Freshet;

/// <summary>How a session takes part in the DHT (BEP 5, BEP 32), which finds peers without trackers. Immutable.</summary>
public sealed record DhtOptions
{
    /// <summary>
    /// Nodes that serve everybody who begins, <c>host:port</c>. They are not asked by a session that is bound to a loopback address.
    /// </summary>
    public static ImmutableArray<string> WellKnownBootstrap { get; } =
        ["router.bittorrent.com:6881", "dht.transmissionbt.com:6881", "router.utorrent.com:6881", "dht.libtorrent.org:25401"];

    /// <summary>
    /// Where to begin while no other nodes are known, <c>host:port</c>, at most 32. Default: <see cref="WellKnownBootstrap"/>. With none,
    /// nodes come from torrents and peers alone, and from the state folder.
    /// </summary>
    public ImmutableArray<string> Bootstrap { get; init; } = WellKnownBootstrap;

    /// <summary>
    /// Whether only nodes count whose id goes with their address (BEP 42). It keeps attackers from choosing their place in the DHT, and
    /// leaves out clients that are old. Default: false.
    /// </summary>
    public bool EnforceNodeIds { get; init; }

    /// <summary>
    /// Whether the session asks others and does not answer (BEP 43), as suits machines that nobody can reach or that pay for each byte.
    /// Default: false.
    /// </summary>
    public bool ReadOnly { get; init; }

    /// <summary>
    /// Whether nodes on private networks and on this machine are asked and answered. Default: false. A session that is bound to such an
    /// address does so in any case, and so does one whose <see cref="Bootstrap"/> has such an address (a name does not count).
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

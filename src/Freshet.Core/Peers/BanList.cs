using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Origins that have done provable harm, with the reasons. At most <see cref="PeerLimits.MaxBannedPeers"/>; when the list is full, a random
/// ban is dropped, so that an attacker with many addresses cannot choose which. An IPv6 site has 65,536 networks: after a few of them have
/// been banned singly, the whole site is banned.
/// </summary>
internal sealed class BanList(Random random)
{
    // After this many banned networks of one site, the whole site is banned.
    private const int NetworksPerSite = 8;

    private readonly Dictionary<Origin, Ban> _bans = [];
    private readonly Dictionary<Origin, int> _networksOf = [];
    private readonly List<Origin> _order = [];

    public int Count => _order.Count;

    public bool Contains(IPEndPoint endPoint) => _bans.Count > 0 && Contains(Origin.Of(endPoint));

    public bool Contains(Origin origin) => _bans.ContainsKey(origin) || (origin.Site is { } site && _bans.ContainsKey(site));

    /// <summary>The reason why an origin is banned; null if it is not.</summary>
    public string? ReasonFor(Origin origin) =>
        _bans.TryGetValue(origin, out Ban ban) || (origin.Site is { } site && _bans.TryGetValue(site, out ban)) ? ban.Reason : null;

    public void Add(Origin origin, string reason)
    {
        if (Contains(origin))
            return;
        Put(origin, reason);
        if (origin.Site is not { } site)
            return;
        int networks = _networksOf[site] = _networksOf.GetValueOrDefault(site) + 1;
        if (networks < NetworksPerSite)
            return;
        foreach (Origin network in _order.FindAll(banned => banned.Site == site))
            Remove(network);
        Put(site, reason);
    }

    private void Put(Origin origin, string reason)
    {
        if (_order.Count >= PeerLimits.MaxBannedPeers)
            Remove(_order[random.Next(_order.Count)]);
        _bans.Add(origin, new Ban(reason, _order.Count));
        _order.Add(origin);
    }

    private void Remove(Origin origin)
    {
        if (!_bans.Remove(origin, out Ban ban))
            return;
        Origin last = _order[^1];
        _order[ban.Place] = last;
        _order.RemoveAt(_order.Count - 1);
        if (last != origin)
            _bans[last] = _bans[last] with { Place = ban.Place };
        if (origin.Site is { } site && origin != site && --_networksOf[site] == 0)
            _networksOf.Remove(site);
    }

    /// <summary>The reason, and the index in <c>_order</c>.</summary>
    private readonly record struct Ban(string Reason, int Place);
}

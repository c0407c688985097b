using System.Net;

namespace Freshet.Core.Peers;

/// <summary>
/// Origins that have done provable harm, with the words why. At most <see cref="PeerLimits.MaxBannedPeers"/>. When it is full, which one is
/// forgotten is left to the random source: whoever has addresses to burn cannot choose to be the one. Of one IPv6 site, which has 65,536
/// networks to come from, a few are banned singly and then the whole.
/// </summary>
internal sealed class BanList(Random random)
{
    // So many banned networks of one site, and the site is banned.
    private const int NetworksPerSite = 8;

    private readonly Dictionary<Origin, Ban> _bans = [];
    private readonly Dictionary<Origin, int> _networksOf = [];
    private readonly List<Origin> _order = [];

    public int Count => _order.Count;

    public bool Contains(IPEndPoint endPoint) => _bans.Count > 0 && Contains(Origin.Of(endPoint));

    public bool Contains(Origin origin) => _bans.ContainsKey(origin) || (origin.Site is { } site && _bans.ContainsKey(site));

    /// <summary>Why an origin is banned; null if it is not.</summary>
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

    /// <summary>Why, and where in <c>_order</c>.</summary>
    private readonly record struct Ban(string Reason, int Place);
}

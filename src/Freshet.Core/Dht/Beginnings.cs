namespace Freshet.Core.Dht;

/// <summary>
/// Bootstrap nodes, queried while few others are known. What torrents and earlier runs name may be any number of dead addresses, so it
/// never hides what the user names, nor the routers.
/// </summary>
internal sealed class Beginnings
{
    // Before the routers, so that they are not asked by everybody who comes back.
    private const int OthersBeforeRouters = DhtLimits.DhtParallelQueries - 1;

    private readonly List<NodeAddress> _named = [];
    private readonly List<NodeAddress> _routers = [];
    private readonly List<NodeAddress> _others = [];

    public int Count => _named.Count + _routers.Count + _others.Count;

    public bool IsRouter(NodeAddress address) => _routers.Contains(address);

    public void Add(NodeAddress address, BeginningKind kind)
    {
        List<NodeAddress> list = kind switch
        {
            BeginningKind.Named => _named,
            BeginningKind.Router => _routers,
            _ => _others,
        };
        if (_named.Contains(address) || _routers.Contains(address))
            return;
        _others.Remove(address);
        if (list.Count == (list == _others ? DhtLimits.MaxDhtBeginnings : DhtLimits.MaxDhtNamedBeginnings))
            list.RemoveAt(0);
        list.Add(address);
    }

    /// <summary>Those that a lookup begins with, in the order in which they are to be asked; of many, other ones each time.</summary>
    public IEnumerable<NodeAddress> Pick(Random random)
    {
        int count = Math.Min(_others.Count, DhtLimits.MaxDhtBeginningsAsked);
        for (int i = 0; i < count; i++)
        {
            // The first steps of a shuffle, after which the list may stay shuffled.
            int other = random.Next(i, _others.Count);
            (_others[i], _others[other]) = (_others[other], _others[i]);
        }

        int first = Math.Min(count, OthersBeforeRouters);
        return [.. _named, .. _others[..first], .. _routers, .. _others[first..count]];
    }
}

using Freshet.Core.Rates;

namespace Freshet.Core.Dht.Items;

/// <summary>
/// The items that others stored with us (BEP 44), each kept for <see cref="Expiry"/> after it was last put. Bounded in total and per host;
/// when there are too many, the one that was put longest ago is dropped.
/// </summary>
internal sealed class ItemStore
{
    private readonly Dictionary<NodeId, Stored> _items = [];

    /// <summary>Publishers that want an item to stay put it again every hour.</summary>
    public static TimeSpan Expiry => TimeSpan.FromHours(2);

    public int Count => _items.Count;

    public ItemContent? Find(NodeId target, Timestamp now) =>
        _items.TryGetValue(target, out Stored? stored) && now - stored.At < Expiry ? stored.Content : null;

    public void Put(NodeId target, ItemContent content, NodeAddress sender, Timestamp now)
    {
        NodeAddress host = sender.Host;
        if (!_items.ContainsKey(target))
            MakeRoom(host);
        _items[target] = new Stored(content, host, now);
    }

    /// <summary>Removes expired items. To be called periodically.</summary>
    public void Sweep(Timestamp now)
    {
        foreach ((NodeId target, Stored stored) in _items)
        {
            if (now - stored.At >= Expiry)
                _items.Remove(target);
        }
    }

    private void MakeRoom(NodeAddress host)
    {
        int ofHost = 0;
        NodeId oldest = default, oldestOfHost = default;
        Timestamp at = Timestamp.Never, atOfHost = Timestamp.Never;
        foreach ((NodeId target, Stored stored) in _items)
        {
            if (stored.At < at)
                (oldest, at) = (target, stored.At);
            if (stored.Host != host)
                continue;
            ofHost++;
            if (stored.At < atOfHost)
                (oldestOfHost, atOfHost) = (target, stored.At);
        }

        if (ofHost >= DhtLimits.MaxDhtItemsPerHost)
            _items.Remove(oldestOfHost);
        else if (_items.Count >= DhtLimits.MaxDhtItems)
            _items.Remove(oldest);
    }

    private sealed record Stored(ItemContent Content, NodeAddress Host, Timestamp At);
}

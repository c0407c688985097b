using System.Collections.Immutable;
using Freshet.Core.Dht;

namespace Freshet.Discovery;

/// <summary>
/// The DHT nodes that torrents name (BEP 5, <c>nodes</c>), each to be looked up once, and again if that failed. When there are too many,
/// those that were named first are forgotten: no torrent keeps out those that come later. Thread-safe.
/// </summary>
internal sealed class NamedNodes
{
    private readonly Lock _lock = new();
    private readonly List<DhtHost> _hosts = [];
    private readonly HashSet<DhtHost> _failed = [];

    /// <summary>Adds what a torrent names.</summary>
    /// <returns>Those that are to be looked up now.</returns>
    public ImmutableArray<DhtHost> Add(ImmutableArray<string> nodes)
    {
        List<DhtHost> toLookUp = [];
        lock (_lock)
        {
            foreach (string node in nodes)
            {
                if (DhtHost.TryParse(node, out DhtHost host) && (_failed.Remove(host) || TryAdd(host)))
                    toLookUp.Add(host);
            }
        }

        return [.. toLookUp];
    }

    /// <summary>A node could not be looked up.</summary>
    public void OnFailed(DhtHost host)
    {
        lock (_lock)
        {
            if (_hosts.Contains(host))
                _failed.Add(host);
        }
    }

    /// <summary>Takes those that could not be looked up, for another attempt.</summary>
    public ImmutableArray<DhtHost> TakeFailed()
    {
        lock (_lock)
        {
            ImmutableArray<DhtHost> failed = [.. _failed];
            _failed.Clear();
            return failed;
        }
    }

    private bool TryAdd(DhtHost host)
    {
        if (_hosts.Contains(host))
            return false;
        if (_hosts.Count == DhtLimits.MaxDhtBeginnings)
        {
            _failed.Remove(_hosts[0]);
            _hosts.RemoveAt(0);
        }

        _hosts.Add(host);
        return true;
    }
}

namespace Freshet.Core.Wire.Proxies;

/// <summary>The traffic for which a proxy is used.</summary>
[Flags]
public enum ProxyUses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Connections to peers, over TCP and uTP. There are no incoming connections, and no local discovery.</summary>
    Peers = 1,

    /// <summary>Trackers over HTTP and UDP, and .torrent files fetched from a URL.</summary>
    Trackers = 2,

    /// <summary>Web seeds.</summary>
    WebSeeds = 4,

    /// <summary>The DHT.</summary>
    Dht = 8,

    /// <summary>Everything: nothing bypasses the proxy.</summary>
    All = Peers | Trackers | WebSeeds | Dht,
}

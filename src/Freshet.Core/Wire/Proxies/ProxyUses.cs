namespace Freshet.Core.Wire.Proxies;

/// <summary>What a proxy is used for.</summary>
[Flags]
public enum ProxyUses
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Connections with peers, over TCP and uTP. There are no incoming ones, and no local discovery.</summary>
    Peers = 1,

    /// <summary>Trackers over HTTP and UDP, and .torrent files that are fetched from a URL.</summary>
    Trackers = 2,

    /// <summary>Web seeds.</summary>
    WebSeeds = 4,

    /// <summary>The DHT.</summary>
    Dht = 8,

    /// <summary>All of it: then nothing goes around the proxy.</summary>
    All = Peers | Trackers | WebSeeds | Dht,
}

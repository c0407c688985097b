namespace Freshet.Core.Peers;

/// <summary>Who says which address we have on the internet.</summary>
[Flags]
public enum ExternalAddressSources
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>The router of our network, of its own (PCP, NAT-PMP, UPnP).</summary>
    Router = 1,

    /// <summary>Trackers (BEP 24).</summary>
    Trackers = 2,

    /// <summary>Peers that we connected to (BEP 10, <c>yourip</c>).</summary>
    Peers = 4,

    /// <summary>Nodes of the DHT (BEP 42, <c>ip</c>).</summary>
    Dht = 8,
}

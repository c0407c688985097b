namespace Freshet.Core.Peers;

/// <summary>The sources of our external address.</summary>
[Flags]
public enum ExternalAddressSources
{
    /// <summary>No source.</summary>
    None = 0,

    /// <summary>The router of our network, reporting its own address (PCP, NAT-PMP, UPnP).</summary>
    Router = 1,

    /// <summary>Trackers (BEP 24).</summary>
    Trackers = 2,

    /// <summary>Peers that we dialled (BEP 10, <c>yourip</c>).</summary>
    Peers = 4,

    /// <summary>DHT nodes (BEP 42, <c>ip</c>).</summary>
    Dht = 8,
}

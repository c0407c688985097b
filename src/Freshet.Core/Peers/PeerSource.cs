namespace Freshet.Core.Peers;

/// <summary>The source of a peer's address.</summary>
public enum PeerSource
{
    /// <summary>It connected to us.</summary>
    Incoming,

    /// <summary>A tracker returned it.</summary>
    Tracker,

    /// <summary>The user supplied it.</summary>
    Manual,

    /// <summary>Another peer sent it (BEP 11).</summary>
    Exchange,

    /// <summary>It was found in the DHT (BEP 5).</summary>
    Dht,

    /// <summary>It announced itself on the local network (BEP 14).</summary>
    Local,

    /// <summary>The torrent's magnet link named it (BEP 9, <c>x.pe</c>), whoever wrote that link.</summary>
    Link,
}

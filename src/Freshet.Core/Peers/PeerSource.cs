namespace Freshet.Core.Peers;

/// <summary>How a peer's address came to us.</summary>
public enum PeerSource
{
    /// <summary>It connected to us.</summary>
    Incoming,

    /// <summary>A tracker named it.</summary>
    Tracker,

    /// <summary>The user named it.</summary>
    Manual,

    /// <summary>Another peer told us of it (BEP 11).</summary>
    Exchange,

    /// <summary>The DHT (BEP 5).</summary>
    Dht,

    /// <summary>It announced itself on the local network (BEP 14).</summary>
    Local,
}

namespace Freshet.Core.Peers;

/// <summary>What a connection to a peer goes through.</summary>
public enum PeerPath : byte
{
    /// <summary>Nothing that either side had to arrange.</summary>
    Direct,

    /// <summary>A hole that the routers of both sides have let us punch, with the help of another peer (BEP 55).</summary>
    Hole,

    /// <summary>The proxy.</summary>
    Proxy,
}

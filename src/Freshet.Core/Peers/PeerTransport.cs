namespace Freshet.Core.Peers;

/// <summary>What carries a connection with a peer.</summary>
internal enum PeerTransport
{
    /// <summary>TCP (BEP 3).</summary>
    Tcp,

    /// <summary>uTP over UDP (BEP 29).</summary>
    Utp,
}

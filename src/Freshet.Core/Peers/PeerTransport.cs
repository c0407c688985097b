namespace Freshet.Core.Peers;

/// <summary>What carries a connection with a peer.</summary>
public enum PeerTransport : byte
{
    /// <summary>TCP (BEP 3).</summary>
    Tcp,

    /// <summary>uTP over UDP (BEP 29).</summary>
    Utp,
}

namespace Freshet.Core.Peers;

/// <summary>The transport of a connection to a peer.</summary>
public enum PeerTransport : byte
{
    /// <summary>TCP (BEP 3).</summary>
    Tcp,

    /// <summary>uTP over UDP (BEP 29).</summary>
    Utp,
}

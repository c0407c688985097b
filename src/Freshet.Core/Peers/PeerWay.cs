namespace Freshet.Core.Peers;

/// <summary>In which way there is a connection with a peer.</summary>
/// <param name="Transport">What carries it.</param>
/// <param name="Encryption">What of it is encrypted.</param>
internal readonly record struct PeerWay(PeerTransport Transport, PeerEncryption Encryption)
{
    /// <summary>As BEP 3 has it.</summary>
    public static PeerWay Plain => new(PeerTransport.Tcp, PeerEncryption.None);
}

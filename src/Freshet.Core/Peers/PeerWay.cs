namespace Freshet.Core.Peers;

/// <summary>How a connection to a peer is made: its transport and encryption.</summary>
/// <param name="Transport">The transport.</param>
/// <param name="Encryption">What is encrypted.</param>
internal readonly record struct PeerWay(PeerTransport Transport, PeerEncryption Encryption)
{
    /// <summary>What it goes through.</summary>
    public PeerPath Path { get; init; }

    /// <summary>Plain TCP, as in BEP 3.</summary>
    public static PeerWay Plain => new(PeerTransport.Tcp, PeerEncryption.None);
}

using Freshet.Core.Rates;

namespace Freshet.Network;

/// <summary>
/// One of the protocols that share a <see cref="UdpMux"/>. All members are called on the mux's loop and must return quickly; datagrams sent
/// from within are sent together afterwards.
/// </summary>
internal interface IDatagramProtocol
{
    /// <summary>When <see cref="OnDeadline"/> is due; read after every other call.</summary>
    Timestamp NextDeadline { get; }

    /// <summary>
    /// Whether a datagram belongs to this protocol: by its first bytes, or because it answers a request. The first protocol that claims it
    /// gets it.
    /// </summary>
    bool Claims(ReadOnlySpan<byte> datagram, UdpAddress sender);

    /// <summary>A claimed datagram was received. The span must not be kept.</summary>
    void OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now);

    /// <summary>All datagrams received together have been handed over: the time to acknowledge them.</summary>
    void OnBatchEnd(Timestamp now);

    /// <summary>Its deadline has come.</summary>
    void OnDeadline(Timestamp now);
}

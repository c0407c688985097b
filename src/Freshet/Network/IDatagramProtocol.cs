using Freshet.Core.Rates;

namespace Freshet.Network;

/// <summary>
/// One of the protocols that share a <see cref="UdpMux"/>. Everything is called on the mux's loop, and nothing may take long; what is sent
/// from within leaves together afterwards.
/// </summary>
internal interface IDatagramProtocol
{
    /// <summary>When <see cref="OnDeadline"/> is to be called; asked after every other call.</summary>
    Timestamp NextDeadline { get; }

    /// <summary>
    /// Whether a datagram is this protocol's: by its first bytes, or because it answers what was asked. The first that says so gets it.
    /// </summary>
    bool Claims(ReadOnlySpan<byte> datagram, UdpAddress sender);

    /// <summary>A datagram came that it claimed. The span is not to be kept.</summary>
    void OnDatagram(ReadOnlySpan<byte> datagram, UdpAddress sender, Timestamp now);

    /// <summary>All datagrams that came together have been handed over: now is the time to acknowledge them.</summary>
    void OnBatchEnd(Timestamp now);

    /// <summary>Its deadline has come.</summary>
    void OnDeadline(Timestamp now);
}

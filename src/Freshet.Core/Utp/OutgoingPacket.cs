using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>A packet that was sent and must be acknowledged.</summary>
internal record struct OutgoingPacket
{
    /// <summary>Its memory in the <see cref="PacketPool"/>; negative once it has been acknowledged.</summary>
    public int Memory;

    /// <summary>Its length in bytes with header, without padding.</summary>
    public int Length;

    /// <summary>Whether it is the final packet (ST_FIN), which has no payload.</summary>
    public bool IsFin;

    /// <summary>How often it has been sent.</summary>
    public int Transmissions;

    /// <summary>Its position in the order of all transmissions.</summary>
    public long Order;

    /// <summary>When it was last sent.</summary>
    public Timestamp Sent;

    /// <summary>Whether its last transmission was padded as an MTU probe.</summary>
    public bool IsProbe;

    /// <summary>Whether it must be resent.</summary>
    public bool IsLost;

    /// <summary>
    /// Whether its loss was noticed because later packets arrived, on a path so long that the loss of its repetition would hold up
    /// everything.
    /// </summary>
    public bool IsUrgent;

    /// <summary>Whether its last transmission was sent twice, and counts twice in flight.</summary>
    public bool IsDoubled;

    /// <summary>The previous packet in a <see cref="PacketList"/>, by number; negative for none.</summary>
    public int Previous;

    /// <summary>The next packet in a <see cref="PacketList"/>; see <see cref="Previous"/>.</summary>
    public int Next;

    /// <summary>Whether it has arrived.</summary>
    public readonly bool IsAcknowledged => Memory < 0;

    /// <summary>The bytes that it counts for while it is in flight.</summary>
    public readonly int BytesInFlight => IsDoubled ? 2 * Length : Length;
}

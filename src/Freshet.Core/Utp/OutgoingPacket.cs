using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>A packet that was sent and must arrive.</summary>
internal record struct OutgoingPacket
{
    /// <summary>Its memory in the <see cref="PacketPool"/>; negative once it has been acknowledged.</summary>
    public int Memory;

    /// <summary>Bytes of it with its header, without padding.</summary>
    public int Length;

    /// <summary>Whether it is the last one of all, and carries nothing.</summary>
    public bool IsFin;

    /// <summary>How often it was sent.</summary>
    public int Transmissions;

    /// <summary>Where it stands in the order of all transmissions.</summary>
    public long Order;

    /// <summary>When it was sent last.</summary>
    public Timestamp Sent;

    /// <summary>Whether the last transmission was lengthened to probe the path.</summary>
    public bool IsProbe;

    /// <summary>Whether it is to be sent again.</summary>
    public bool IsLost;

    /// <summary>Its neighbours in a <see cref="PacketList"/>, by their numbers; negative for none.</summary>
    public int Previous;

    /// <summary>See <see cref="Previous"/>.</summary>
    public int Next;

    /// <summary>Whether it has arrived.</summary>
    public readonly bool IsAcknowledged => Memory < 0;
}

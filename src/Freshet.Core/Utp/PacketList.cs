namespace Freshet.Core.Utp;

/// <summary>A list of outgoing packets in transmission order, linked within their ring.</summary>
internal struct PacketList()
{
    private int _last = None;

    private const int None = -1;

    /// <summary>The number of the first packet; negative if there is none.</summary>
    public int First { get; private set; } = None;

    public readonly bool IsEmpty => First < 0;

    public void Add(PacketRing<OutgoingPacket> ring, SequenceNumber number)
    {
        ref OutgoingPacket packet = ref ring[number];
        packet.Previous = _last;
        packet.Next = None;
        if (_last < 0)
            First = number.Value;
        else
            ring[new SequenceNumber((ushort)_last)].Next = number.Value;
        _last = number.Value;
    }

    public void Remove(PacketRing<OutgoingPacket> ring, SequenceNumber number)
    {
        ref OutgoingPacket packet = ref ring[number];
        if (packet.Previous < 0)
            First = packet.Next;
        else
            ring[new SequenceNumber((ushort)packet.Previous)].Next = packet.Next;
        if (packet.Next < 0)
            _last = packet.Previous;
        else
            ring[new SequenceNumber((ushort)packet.Next)].Previous = packet.Previous;
    }
}

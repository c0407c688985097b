using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// The packets of a connection that have been sent and not acknowledged. Each is in flight, or lost and to be resent, or acknowledged
/// although an earlier one is not. <see cref="BytesInFlight"/> counts those in flight.
/// </summary>
internal sealed class SendBuffer(PacketPool pool)
{
    /// <summary>A packet counts as lost after this many packets sent after it have arrived (BEP 29).</summary>
    public const int Reordering = 3;

    private readonly PacketRing<OutgoingPacket> _ring = new();
    private readonly SequenceBits _arrived = new();
    private PacketList _underWay = new();
    private PacketList _lost = new();
    private long _order;

    /// <summary>The oldest unacknowledged number.</summary>
    public SequenceNumber First { get; private set; }

    /// <summary>The number of the next packet.</summary>
    public SequenceNumber Next { get; private set; }

    /// <summary>How many numbers are unacknowledged, including acknowledged ones after a gap.</summary>
    public int Count => Next - First;

    /// <summary>Bytes in flight.</summary>
    public int BytesInFlight { get; private set; }

    /// <summary>How many packets are kept in memory.</summary>
    public int InMemory { get; private set; }

    /// <summary>Packets that are acknowledged although an earlier one is not.</summary>
    public SequenceBits Arrived => _arrived;

    public bool HasLost => !_lost.IsEmpty;

    /// <summary>
    /// The first packet to resend: the oldest one, however often it was lost, since the peer can deliver nothing without it, and keeps only
    /// so many packets that come after it; otherwise the one that has been lost for longest.
    /// </summary>
    public SequenceNumber FirstLost => _ring[First].IsLost ? First : new((ushort)_lost.First);

    public bool HasUnderWay => !_underWay.IsEmpty;

    /// <summary>The packet that has been in flight for longest.</summary>
    public SequenceNumber Oldest => new((ushort)_underWay.First);

    public ref OutgoingPacket this[SequenceNumber number] => ref _ring[number];

    /// <summary>Starts with a number; nothing may be in flight.</summary>
    public void Begin(SequenceNumber first) => First = Next = first;

    /// <summary>Adds a packet that is sent immediately.</summary>
    public void Add(int memory, int length, bool isFin)
    {
        _ring.EnsureRoom(First, Count + 1);
        _ring[Next] = new OutgoingPacket { Memory = memory, Length = length, IsFin = isFin };
        SequenceNumber number = Next;
        Next += 1;
        InMemory++;
        MarkUnderWay(number);
    }

    /// <summary>The first lost packet is resent.</summary>
    public void Resend()
    {
        SequenceNumber number = FirstLost;
        _lost.Remove(_ring, number);
        _ring[number].IsLost = false;
        MarkUnderWay(number);
    }

    /// <summary>A packet in flight was sent once more.</summary>
    public void Double(SequenceNumber number)
    {
        _ring[number].IsDoubled = true;
        BytesInFlight += _ring[number].Length;
    }

    /// <summary>Records when a packet in flight was sent.</summary>
    public void Sent(SequenceNumber number, bool isProbe, Timestamp now)
    {
        ref OutgoingPacket packet = ref _ring[number];
        packet.Sent = now;
        packet.IsProbe = isProbe;
        packet.Transmissions++;
    }

    /// <summary>The order of the last transmission.</summary>
    public long LastOrder => _order;

    /// <summary>The newest transmission that is known to have arrived.</summary>
    public long NewestArrived { get; private set; }

    /// <summary>A packet is newly known to have arrived. Its entry stays readable until the next call.</summary>
    /// <param name="number">The number of the packet.</param>
    /// <param name="sentBefore">Its last transmission is the one that arrived if it was the only one, or was made before this
    /// moment.</param>
    public ref OutgoingPacket Acknowledge(SequenceNumber number, Timestamp sentBefore)
    {
        ref OutgoingPacket packet = ref _ring[number];
        if (packet.IsLost)
        {
            _lost.Remove(_ring, number);
        }
        else
        {
            _underWay.Remove(_ring, number);
            BytesInFlight -= packet.BytesInFlight;
        }

        pool.Return(packet.Memory);
        packet.Memory = -1;
        InMemory--;
        if (number != First)
            _arrived.Set(number);

        if (packet.Transmissions == 1 || packet.Sent <= sentBefore)
            NewestArrived = Math.Max(NewestArrived, packet.Order);
        return ref packet;
    }

    /// <summary>Drops packets that are acknowledged without a gap.</summary>
    public void Advance()
    {
        for (; Count > 0 && _ring[First].IsAcknowledged; First += 1)
            _arrived.Clear(First);
    }

    /// <summary>
    /// Finds the next packet that must be lost because enough packets sent after it have arrived; false if there is none.
    /// </summary>
    public bool TryFindLost(out SequenceNumber number)
    {
        number = default;
        if (_underWay.IsEmpty || _ring[Oldest].Order + Reordering > NewestArrived)
            return false;
        number = Oldest;
        return true;
    }

    /// <summary>A packet in flight counts as lost from now on.</summary>
    public void MarkLost(SequenceNumber number)
    {
        ref OutgoingPacket packet = ref _ring[number];
        _underWay.Remove(_ring, number);
        BytesInFlight -= packet.BytesInFlight;
        packet.IsDoubled = false;
        packet.IsLost = true;
        _lost.Add(_ring, number);
    }

    /// <summary>Returns all memory.</summary>
    public void Clear()
    {
        for (; Count > 0; First += 1)
        {
            if (!_ring[First].IsAcknowledged)
                pool.Return(_ring[First].Memory);
        }

        _underWay = new PacketList();
        _lost = new PacketList();
        BytesInFlight = InMemory = 0;
    }

    private void MarkUnderWay(SequenceNumber number)
    {
        ref OutgoingPacket packet = ref _ring[number];
        packet.Order = ++_order;
        BytesInFlight += packet.Length;
        _underWay.Add(_ring, number);
    }
}

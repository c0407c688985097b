using Freshet.Core.Rates;

namespace Freshet.Core.Utp;

/// <summary>
/// The packets of a connection that were sent and not acknowledged. Each is under way, or lost and to be sent again, or acknowledged
/// although an earlier one is not. <see cref="BytesInFlight"/> counts those under way.
/// </summary>
internal sealed class SendBuffer(PacketPool pool)
{
    /// <summary>Packets sent after one, of which that many arrive, before that one counts as lost (BEP 29).</summary>
    public const int Reordering = 3;

    private readonly PacketRing<OutgoingPacket> _ring = new();
    private readonly SequenceBits _arrived = new();
    private PacketList _underWay = new();
    private PacketList _lost = new();
    private long _order;

    /// <summary>The oldest number that is not acknowledged.</summary>
    public SequenceNumber First { get; private set; }

    /// <summary>The number of the next packet.</summary>
    public SequenceNumber Next { get; private set; }

    /// <summary>How many numbers are not acknowledged, those behind a gap counted.</summary>
    public int Count => Next - First;

    /// <summary>Bytes under way.</summary>
    public int BytesInFlight { get; private set; }

    /// <summary>Those that are acknowledged although an earlier one is not.</summary>
    public SequenceBits Arrived => _arrived;

    public bool HasLost => !_lost.IsEmpty;

    /// <summary>The first packet to be sent again.</summary>
    public SequenceNumber FirstLost => new((ushort)_lost.First);

    public bool HasUnderWay => !_underWay.IsEmpty;

    /// <summary>The packet that has been under way for longest.</summary>
    public SequenceNumber Oldest => new((ushort)_underWay.First);

    public ref OutgoingPacket this[SequenceNumber number] => ref _ring[number];

    /// <summary>Begins, while nothing is under way, with a number.</summary>
    public void Begin(SequenceNumber first) => First = Next = first;

    /// <summary>Adds a packet, which is sent at once.</summary>
    public void Add(int memory, int length, bool isFin)
    {
        _ring.EnsureRoom(First, Count + 1);
        _ring[Next] = new OutgoingPacket { Memory = memory, Length = length, IsFin = isFin };
        SequenceNumber number = Next;
        Next += 1;
        MarkUnderWay(number);
    }

    /// <summary>The first lost packet is sent again.</summary>
    public void Resend()
    {
        SequenceNumber number = FirstLost;
        _lost.Remove(_ring, number);
        _ring[number].IsLost = false;
        MarkUnderWay(number);
    }

    /// <summary>Notes when a packet that is under way was sent.</summary>
    public void Sent(SequenceNumber number, bool isProbe, Timestamp now)
    {
        ref OutgoingPacket packet = ref _ring[number];
        packet.Sent = now;
        packet.IsProbe = isProbe;
        packet.Transmissions++;
    }

    /// <summary>The last transmission.</summary>
    public long LastOrder => _order;

    /// <summary>The newest transmission that is known to have arrived.</summary>
    public long NewestArrived { get; private set; }

    /// <summary>A packet has arrived, which had not been known to. Its entry stays readable until the next call.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="sentBefore">Its last transmission is the one that has arrived, if it was the only one or left before this.</param>
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
            BytesInFlight -= packet.Length;
        }

        pool.Return(packet.Memory);
        packet.Memory = -1;
        if (number != First)
            _arrived.Set(number);

        if (packet.Transmissions == 1 || packet.Sent <= sentBefore)
            NewestArrived = Math.Max(NewestArrived, packet.Order);
        return ref packet;
    }

    /// <summary>Forgets what is acknowledged without a gap.</summary>
    public void Advance()
    {
        for (; Count > 0 && _ring[First].IsAcknowledged; First += 1)
            _arrived.Clear(First);
    }

    /// <summary>
    /// Finds the next packet that must be lost, because some that were sent after it have arrived; false if there is none.
    /// </summary>
    public bool TryFindLost(out SequenceNumber number)
    {
        number = default;
        if (_underWay.IsEmpty || _ring[Oldest].Order + Reordering > NewestArrived)
            return false;
        number = Oldest;
        return true;
    }

    /// <summary>A packet that is under way counts as lost from now on.</summary>
    public void MarkLost(SequenceNumber number)
    {
        ref OutgoingPacket packet = ref _ring[number];
        _underWay.Remove(_ring, number);
        BytesInFlight -= packet.Length;
        packet.IsLost = true;
        _lost.Add(_ring, number);
    }

    /// <summary>Gives back all memory.</summary>
    public void Clear()
    {
        for (; Count > 0; First += 1)
        {
            if (!_ring[First].IsAcknowledged)
                pool.Return(_ring[First].Memory);
        }

        _underWay = new PacketList();
        _lost = new PacketList();
        BytesInFlight = 0;
    }

    private void MarkUnderWay(SequenceNumber number)
    {
        ref OutgoingPacket packet = ref _ring[number];
        packet.Order = ++_order;
        BytesInFlight += packet.Length;
        _underWay.Add(_ring, number);
    }
}

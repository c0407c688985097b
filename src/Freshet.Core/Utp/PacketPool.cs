namespace Freshet.Core.Utp;

/// <summary>
/// Memory for packets that wait: sent and not acknowledged, or received after a gap. It is allocated in slabs as needed; when no packet is
/// left, all but a few slabs are released, and those few avoid reallocation while transfers pause and resume. A packet is identified by a
/// number, so that renting one allocates nothing.
/// </summary>
/// <param name="most">The most packets.</param>
internal sealed class PacketPool(int most)
{
    /// <summary>The longest packet in bytes.</summary>
    public const int PacketLength = 1_536;

    private const int PacketsPerSlab = 64;
    private const int SlabsKept = 16;

    private readonly List<byte[]> _slabs = [];
    private int[] _free = [];
    private int _freeCount;

    /// <summary>The number of rented packets.</summary>
    public int InUse { get; private set; }

    /// <summary>
    /// Whether the remaining packets are reserved for sending: a peer could fill the pool at will with packets after a gap.
    /// </summary>
    public bool IsScarce => InUse >= most - (most / 4);

    /// <summary>
    /// Rents memory for a packet; false if there is none. Nobody gets more than half of what is left, so that a few peers that let packets
    /// wait leave some to all others.
    /// </summary>
    /// <param name="held">How many packets the renter has.</param>
    /// <param name="packet">The packet.</param>
    public bool TryRent(int held, out int packet)
    {
        packet = -1;
        if (held > (most - InUse) / 2 || (_freeCount == 0 && !TryGrow()))
            return false;
        packet = _free[--_freeCount];
        InUse++;
        return true;
    }

    /// <summary>The memory of a packet.</summary>
    public Span<byte> Of(int packet) =>
        _slabs[packet / PacketsPerSlab].AsSpan(packet % PacketsPerSlab * PacketLength, PacketLength);

    public void Return(int packet)
    {
        _free[_freeCount++] = packet;
        if (--InUse == 0 && _slabs.Count > SlabsKept)
            Shrink();
    }

    private bool TryGrow()
    {
        int first = _slabs.Count * PacketsPerSlab;
        if (first + PacketsPerSlab > most)
            return false;
        _slabs.Add(GC.AllocateUninitializedArray<byte>(PacketsPerSlab * PacketLength));
        if (_free.Length < first + PacketsPerSlab)
            Array.Resize(ref _free, Math.Max(first + PacketsPerSlab, _free.Length * 2));
        for (int i = PacketsPerSlab - 1; i >= 0; i--)
            _free[_freeCount++] = first + i;
        return true;
    }

    private void Shrink()
    {
        _slabs.RemoveRange(SlabsKept, _slabs.Count - SlabsKept);
        _freeCount = 0;
        for (int i = (SlabsKept * PacketsPerSlab) - 1; i >= 0; i--)
            _free[_freeCount++] = i;
    }
}

namespace Freshet.Core.Utp;

/// <summary>
/// Memory for packets that wait: sent and not acknowledged yet, or received after a gap. It is taken in slabs as it is needed; when no
/// packet is left, all but a few are given back, which last while transfers pause and go on. A packet is known by its number, since nothing
/// may be allocated for one.
/// </summary>
/// <param name="most">The most packets.</param>
internal sealed class PacketPool(int most)
{
    /// <summary>Bytes of a packet at most.</summary>
    public const int PacketLength = 1_536;

    private const int PacketsPerSlab = 64;
    private const int SlabsKept = 16;

    private readonly List<byte[]> _slabs = [];
    private int[] _free = [];
    private int _freeCount;

    /// <summary>How many packets are rented.</summary>
    public int InUse { get; private set; }

    /// <summary>Whether so much is used that the rest is for those who send: a peer fills it at will with packets after a gap.</summary>
    public bool IsScarce => InUse >= most - (most / 4);

    /// <summary>Takes room for a packet; false if there is none.</summary>
    public bool TryRent(out int packet)
    {
        packet = -1;
        if (_freeCount == 0 && !TryGrow())
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

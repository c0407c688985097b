using Freshet.Core;

namespace Freshet.Network;

/// <summary>
/// Datagrams queued for one socket, first in, first out, in pinned memory that is allocated once. What does not fit is dropped: UDP permits
/// that, and a protocol that sends more than the network takes must notice.
/// </summary>
internal sealed class DatagramQueue
{
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(
        NetworkLimits.MaxQueuedDatagrams * Limits.MaxDatagramLength, pinned: true);
    private readonly UdpAddress[] _targets = new UdpAddress[NetworkLimits.MaxQueuedDatagrams];
    private readonly UdpAddress?[] _sources = new UdpAddress?[NetworkLimits.MaxQueuedDatagrams];
    private readonly bool[] _dontFragment = new bool[NetworkLimits.MaxQueuedDatagrams];
    private readonly int[] _lengths = new int[NetworkLimits.MaxQueuedDatagrams];
    private int _first;

    /// <summary>The number of queued datagrams.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == NetworkLimits.MaxQueuedDatagrams;

    /// <summary>Adds a datagram; false if there is no room, or it is too long.</summary>
    /// <param name="datagram">The datagram.</param>
    /// <param name="target">Where to.</param>
    /// <param name="source">The address of ours that it is sent from; null for the one that the system chooses.</param>
    public bool TryAdd(ReadOnlySpan<byte> datagram, UdpAddress target, UdpAddress? source = null) =>
        TryAdd([], datagram, target, source, dontFragment: false);

    /// <summary>Adds a datagram with a header before it, as <see cref="TryAdd(ReadOnlySpan{byte}, UdpAddress, UdpAddress?)"/>.</summary>
    /// <param name="header">The header.</param>
    /// <param name="datagram">The datagram.</param>
    /// <param name="target">Where to.</param>
    /// <param name="source">The address of ours that it is sent from; null for the one that the system chooses.</param>
    /// <param name="dontFragment">Whether it is lost if the path cannot carry it in one piece.</param>
    public bool TryAdd(
        ReadOnlySpan<byte> header, ReadOnlySpan<byte> datagram, UdpAddress target, UdpAddress? source, bool dontFragment)
    {
        int length = header.Length + datagram.Length;
        if (Count == NetworkLimits.MaxQueuedDatagrams || length > Limits.MaxDatagramLength)
            return false;
        int slot = SlotOf(Count++);
        Span<byte> bytes = _bytes.AsSpan(slot * Limits.MaxDatagramLength, length);
        header.CopyTo(bytes);
        datagram.CopyTo(bytes[header.Length..]);
        _lengths[slot] = length;
        _targets[slot] = target;
        _sources[slot] = source;
        _dontFragment[slot] = dontFragment;
        return true;
    }

    /// <summary>The bytes of the nth queued datagram; pinned.</summary>
    public Memory<byte> BytesOf(int index) => _bytes.AsMemory(SlotOf(index) * Limits.MaxDatagramLength, _lengths[SlotOf(index)]);

    public int LengthOf(int index) => _lengths[SlotOf(index)];

    public UdpAddress TargetOf(int index) => _targets[SlotOf(index)];

    public UdpAddress? SourceOf(int index) => _sources[SlotOf(index)];

    /// <summary>Whether the nth queued datagram is lost if the path cannot carry it in one piece.</summary>
    public bool DontFragment(int index) => _dontFragment[SlotOf(index)];

    /// <summary>The first is sent from whichever address the system chooses.</summary>
    public void ClearSource() => _sources[SlotOf(0)] = null;

    /// <summary>Removes datagrams that were sent.</summary>
    public void Remove(int count)
    {
        _first = SlotOf(count);
        Count -= count;
    }

    private int SlotOf(int index) => (_first + index) % NetworkLimits.MaxQueuedDatagrams;
}

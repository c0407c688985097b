namespace Freshet.Core.Utp;

/// <summary>Packets by sequence number: an array indexed by the number's low bits, which grows with the connection.</summary>
internal sealed class PacketRing<T>
    where T : struct
{
    private const int SmallestSize = 16;

    private T[] _packets = [];

    /// <summary>The entry of a number; there must be room for it.</summary>
    public ref T this[SequenceNumber number] => ref _packets[number.Value & (_packets.Length - 1)];

    /// <summary>How many consecutive numbers fit.</summary>
    public int Size => _packets.Length;

    /// <summary>Makes room for the given number of packets from the first one on.</summary>
    public void EnsureRoom(SequenceNumber first, int count)
    {
        if (count <= _packets.Length)
            return;
        int size = Math.Max(_packets.Length, SmallestSize);
        while (size < count)
            size *= 2;
        T[] packets = new T[size];
        for (int i = 0; i < _packets.Length; i++)
        {
            SequenceNumber number = first + i;
            packets[number.Value & (size - 1)] = this[number];
        }

        _packets = packets;
    }
}

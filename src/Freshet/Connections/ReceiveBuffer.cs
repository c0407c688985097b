using System.Buffers;

namespace Freshet.Connections;

/// <summary>
/// Received bytes that have not been consumed, contiguous, in memory that is rented only while it is needed. It grows while the network
/// fills it and shrinks when it does not: a fast peer needs few, long receives, and a slow or silent one costs nothing.
/// </summary>
internal sealed class ReceiveBuffer
{
    private const int SmallestSize = 4 * 1024;

    private byte[] _bytes = [];
    private int _begin;
    private int _end;
    private int _wanted = SmallestSize;

    /// <summary>The bytes not consumed yet.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_begin, _end - _begin);

    /// <summary>The memory held now, in bytes.</summary>
    public int Size => _bytes.Length;

    /// <summary>How much to receive next: enough for the rest of a message, and more from a fast peer.</summary>
    /// <param name="messageLength">The length of the incomplete message, including the part that is here.</param>
    /// <param name="most">The limit, unless that message needs more.</param>
    public int RoomFor(int messageLength, int most)
    {
        // A large message gets its memory as it arrives, and not because its length field says so.
        int unread = _end - _begin;
        int rest = Math.Min(messageLength - unread, Math.Max(unread, SmallestSize));
        return Math.Max(rest, Math.Min(_wanted - unread, most));
    }

    /// <summary>Reserves room for a receive.</summary>
    public Memory<byte> Reserve(int room)
    {
        int size = _end - _begin + room;
        if (_bytes.Length < size)
            MoveTo(size);
        else if (_begin > 0)
            Compact();
        return _bytes.AsMemory(_end, room);
    }

    /// <summary>Records a receive, of as many bytes as <see cref="RoomFor"/> gave or fewer.</summary>
    public void Received(int count, int room)
    {
        _end += count;
        if (count == room)
            _wanted = Math.Min(Math.Max(_wanted * 4, SmallestSize), ConnectionLimits.MaxTransferLength);
        else if (count < _wanted / 8)
            _wanted = Math.Max(_wanted / 2, SmallestSize);
    }

    /// <summary>Marks bytes as consumed.</summary>
    public void Consume(int count) => _begin += count;

    /// <summary>Frees what is not needed while nothing arrives.</summary>
    public void Shrink()
    {
        if (_begin == _end)
            Release();
        else if (_bytes.Length > 2 * Math.Max(_end - _begin, SmallestSize))
            MoveTo(_end - _begin);
    }

    /// <summary>Frees everything, consumed or not.</summary>
    public void Release()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = [];
        _begin = _end = 0;
    }

    private void MoveTo(int size)
    {
        byte[] other = ArrayPool<byte>.Shared.Rent(size);
        Unread.CopyTo(other);
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = other;
        _end -= _begin;
        _begin = 0;
    }

    private void Compact()
    {
        Unread.CopyTo(_bytes);
        _end -= _begin;
        _begin = 0;
    }
}

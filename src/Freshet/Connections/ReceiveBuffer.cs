using System.Buffers;
using Freshet.Core;

namespace Freshet.Connections;

/// <summary>
/// What has been received and not yet read, contiguous, in memory that is rented only while it is needed. It grows while the network
/// fills it and shrinks when that does not: a fast peer has few, long receives, a slow or silent one costs nothing.
/// </summary>
internal sealed class ReceiveBuffer
{
    private const int SmallestSize = 4 * 1024;

    private byte[] _bytes = [];
    private int _begin;
    private int _end;
    private int _wanted = SmallestSize;

    /// <summary>What has not been read.</summary>
    public ReadOnlySpan<byte> Unread => _bytes.AsSpan(_begin, _end - _begin);

    /// <summary>Whether the last receive left no room: there is probably more.</summary>
    public bool IsFilled { get; private set; }

    /// <summary>Bytes of memory held now.</summary>
    public int Size => _bytes.Length;

    /// <summary>Room for the next receive: enough for the rest of a message of so many bytes, and more for a fast peer.</summary>
    public Memory<byte> Reserve(int messageLength)
    {
        // A large message gets its room as it arrives, not because its length says so.
        int unread = _end - _begin;
        int size = Math.Max(_wanted, Math.Min(messageLength, unread + Math.Max(unread, SmallestSize)));
        if (_bytes.Length < size)
            MoveTo(size);
        else if (_begin > 0)
            Compact();
        return _bytes.AsMemory(_end);
    }

    /// <summary>So many bytes were received into the room that was asked for.</summary>
    public void Received(int count, int room)
    {
        _end += count;
        IsFilled = count == room;
        if (IsFilled)
            _wanted = Math.Min(Math.Max(_wanted * 4, SmallestSize), Limits.MaxTransferLength);
        else if (count < _wanted / 8)
            _wanted = Math.Max(_wanted / 2, SmallestSize);
    }

    /// <summary>So many bytes were read.</summary>
    public void Consume(int count) => _begin += count;

    /// <summary>Gives back what is not needed while nothing comes.</summary>
    public void Shrink()
    {
        if (_begin == _end)
            Release();
        else if (_bytes.Length > 2 * Math.Max(_end - _begin, SmallestSize))
            MoveTo(_end - _begin);
    }

    /// <summary>Gives everything back, read or not.</summary>
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

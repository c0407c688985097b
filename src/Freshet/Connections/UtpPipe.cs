using System.Buffers;

namespace Freshet.Connections;

/// <summary>
/// Bytes on their way from one thread to another, first in, first out. One thread writes and one reads at a time, and neither waits for the
/// other: the lock is held only to determine where to copy. Memory is held only while there are bytes.
/// </summary>
internal sealed class UtpPipe
{
    private const int SegmentLength = 32 * 1024;

    private readonly Lock _lock = new();
    private byte[]?[] _segments = [];
    private int _first;
    private int _count;
    private int _readAt;
    private int _writtenTo;
    private int _length;
    private bool _isWriting;

    /// <summary>The number of bytes in it.</summary>
    public int Length => Volatile.Read(ref _length);

    /// <summary>Adds bytes.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            Span<byte> room = BeginWrite();
            int count = Math.Min(room.Length, bytes.Length);
            bytes[..count].CopyTo(room);
            EndWrite(count);
            bytes = bytes[count..];
        }
    }

    /// <summary>Takes as many bytes as are available and fit; returns how many.</summary>
    public int Read(Span<byte> destination)
    {
        int total = 0;
        while (total < destination.Length)
        {
            ReadOnlySpan<byte> bytes = BeginRead();
            if (bytes.IsEmpty)
                break;
            int count = Math.Min(bytes.Length, destination.Length - total);
            bytes[..count].CopyTo(destination[total..]);
            EndRead(count);
            total += count;
        }

        return total;
    }

    private Span<byte> BeginWrite()
    {
        lock (_lock)
        {
            if (_count == 0 || _writtenTo == SegmentLength)
                AddSegment();
            _isWriting = true;
            return At(_count - 1).AsSpan(_writtenTo, SegmentLength - _writtenTo);
        }
    }

    private void EndWrite(int count)
    {
        lock (_lock)
        {
            _isWriting = false;
            _writtenTo += count;
            _length += count;
        }
    }

    private ReadOnlySpan<byte> BeginRead()
    {
        lock (_lock)
        {
            if (_length == 0)
                return default;
            int end = _count == 1 ? _writtenTo : SegmentLength;
            return At(0).AsSpan(_readAt, end - _readAt);
        }
    }

    private void EndRead(int count)
    {
        byte[]? done = null;
        lock (_lock)
        {
            _readAt += count;
            _length -= count;
            if (_readAt == SegmentLength || (_length == 0 && !_isWriting))
            {
                done = At(0);
                _segments[_first] = null;
                _first = (_first + 1) % _segments.Length;
                _count--;
                _readAt = 0;
            }
        }

        if (done is not null)
            ArrayPool<byte>.Shared.Return(done);
    }

    private byte[] At(int index) => _segments[(_first + index) % _segments.Length]!;

    private void AddSegment()
    {
        if (_count == _segments.Length)
        {
            byte[]?[] segments = new byte[]?[Math.Max(4, _count * 2)];
            for (int i = 0; i < _count; i++)
                segments[i] = At(i);
            _segments = segments;
            _first = 0;
        }

        _segments[(_first + _count++) % _segments.Length] = ArrayPool<byte>.Shared.Rent(SegmentLength);
        _writtenTo = 0;
    }
}

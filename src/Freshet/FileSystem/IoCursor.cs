namespace Freshet.FileSystem;

/// <summary>A position in a list of buffers, from which runs are taken in order.</summary>
internal ref struct IoCursor(ReadOnlySpan<IoBuffer> buffers)
{
    private readonly ReadOnlySpan<IoBuffer> _buffers = buffers;
    private int _index;
    private nint _offset;

    /// <summary>Returns the buffers of the next run, up to a number of bytes, without advancing.</summary>
    /// <returns>The number of buffers.</returns>
    public readonly int Peek(Span<IoBuffer> run, int length)
    {
        int count = 0;
        nint offset = _offset;
        nint left = length;
        for (int i = _index; i < _buffers.Length && count < run.Length && left > 0; i++)
        {
            nint take = nint.Min(_buffers[i].Length - offset, left);
            if (take > 0)
                run[count++] = new IoBuffer(_buffers[i].Address + offset, take);
            left -= take;
            offset = 0;
        }

        return count;
    }

    /// <summary>Advances by a number of bytes.</summary>
    public void Advance(int length)
    {
        nint left = length;
        while (left > 0)
        {
            nint rest = _buffers[_index].Length - _offset;
            if (left < rest)
            {
                _offset += left;
                return;
            }

            left -= rest;
            _index++;
            _offset = 0;
        }
    }

    /// <summary>Sets the next bytes to zero, and advances.</summary>
    public void Clear(int length)
    {
        Span<IoBuffer> one = stackalloc IoBuffer[1];
        while (length > 0 && Peek(one, length) > 0)
        {
            one[0].Span.Clear();
            length -= (int)one[0].Length;
            Advance((int)one[0].Length);
        }
    }
}

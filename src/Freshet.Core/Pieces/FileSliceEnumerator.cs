namespace Freshet.Core.Pieces;

/// <summary>Enumerates the file slices of a run of a torrent's bytes, without allocating. Supports <c>foreach</c>.</summary>
public ref struct FileSliceEnumerator
{
    private readonly PieceLayout _layout;
    private int _solid;
    private long _offset;
    private int _left;

    /// <param name="layout">The layout of the torrent.</param>
    /// <param name="solid">The first file, counted among the non-empty files.</param>
    /// <param name="offset">The torrent's byte to start at.</param>
    /// <param name="length">The number of bytes.</param>
    internal FileSliceEnumerator(PieceLayout layout, int solid, long offset, int length)
    {
        _layout = layout;
        _solid = solid;
        _offset = offset;
        _left = length;
    }

    /// <summary>The current slice.</summary>
    public FileSlice Current { get; private set; }

    /// <summary>Returns this enumerator, as <c>foreach</c> requires.</summary>
    public readonly FileSliceEnumerator GetEnumerator() => this;

    /// <summary>Advances to the next slice.</summary>
    public bool MoveNext()
    {
        while (_left > 0 && _solid < _layout.SolidFileCount)
        {
            int file = _layout.SolidFile(_solid++);
            long begin = _layout.OffsetOfFile(file);
            if (_offset < begin)
            {
                // Skips a gap before an aligned file.
                _left -= (int)Math.Min(_left, begin - _offset);
                _offset = begin;
            }

            int length = (int)Math.Min(_left, begin + _layout.LengthOfFile(file) - _offset);
            if (length <= 0)
                continue;
            Current = new FileSlice(file, _offset - begin, length);
            _offset += length;
            _left -= length;
            return true;
        }

        return false;
    }
}

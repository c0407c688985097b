namespace Freshet.Core.Pieces;

/// <summary>Walks the runs of files behind a run of a torrent's bytes, without allocating. Use it with <c>foreach</c>.</summary>
public ref struct FileSliceEnumerator
{
    private readonly PieceLayout _layout;
    private int _solid;
    private long _offset;
    private int _left;

    /// <param name="layout">Where the files lie.</param>
    /// <param name="solid">The first file, counted among those that are not empty.</param>
    /// <param name="offset">The torrent's byte to begin at.</param>
    /// <param name="length">How many bytes.</param>
    internal FileSliceEnumerator(PieceLayout layout, int solid, long offset, int length)
    {
        _layout = layout;
        _solid = solid;
        _offset = offset;
        _left = length;
    }

    /// <summary>The present run.</summary>
    public FileSlice Current { get; private set; }

    /// <summary>This, so that <c>foreach</c> takes it.</summary>
    public readonly FileSliceEnumerator GetEnumerator() => this;

    /// <summary>Steps to the next run.</summary>
    public bool MoveNext()
    {
        while (_left > 0 && _solid < _layout.SolidFileCount)
        {
            int file = _layout.SolidFile(_solid++);
            long begin = _layout.OffsetOfFile(file);
            if (_offset < begin)
            {
                // A gap before an aligned file.
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

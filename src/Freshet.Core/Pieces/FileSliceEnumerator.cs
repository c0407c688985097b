namespace Freshet.Core.Pieces;

/// <summary>Walks the runs of files behind a run of a torrent's bytes, without allocating. Use it with <c>foreach</c>.</summary>
public ref struct FileSliceEnumerator
{
    private readonly PieceLayout _layout;
    private int _file;
    private long _offset;
    private int _left;

    internal FileSliceEnumerator(PieceLayout layout, int file, long offset, int length)
    {
        _layout = layout;
        _file = file;
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
        while (_left > 0 && _file < _layout.FileCount)
        {
            long begin = _layout.OffsetOfFile(_file);
            long end = begin + _layout.LengthOfFile(_file);
            if (_offset < begin)
            {
                // A gap before an aligned file.
                _left -= (int)Math.Min(_left, begin - _offset);
                _offset = begin;
            }

            int length = (int)Math.Min(_left, end - _offset);
            if (length <= 0)
            {
                _file++;
                continue;
            }

            Current = new FileSlice(_file, _offset - begin, length);
            _offset += length;
            _left -= length;
            _file++;
            return true;
        }

        return false;
    }
}

namespace Freshet.Core.Bencoding;

/// <summary>Enumerates the values of a list; supports <c>foreach</c>.</summary>
internal struct BencodeItems
{
    private readonly BencodeValue _list;
    private bool _began;
    private bool _ended;

    internal BencodeItems(BencodeValue list, bool isList)
    {
        _list = list;
        _ended = !isList;
        Current = default;
    }

    public BencodeValue Current { get; private set; }

    public readonly BencodeItems GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_ended)
            return false;
        Current = _began ? Current.Next : _list.FirstChild;
        _began = true;
        _ended = Current.IsEnd;
        return !_ended;
    }

    /// <summary>The number of values; counting takes linear time.</summary>
    public readonly int Count()
    {
        BencodeItems items = this;
        int count = 0;
        while (items.MoveNext())
            count++;
        return count;
    }
}

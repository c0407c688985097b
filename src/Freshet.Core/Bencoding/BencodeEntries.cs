namespace Freshet.Core.Bencoding;

/// <summary>Enumerates the keys and values of a dictionary; supports <c>foreach</c>.</summary>
internal struct BencodeEntries
{
    private readonly BencodeValue _dictionary;
    private BencodeValue _last;
    private bool _began;
    private bool _ended;

    internal BencodeEntries(BencodeValue dictionary, bool isDictionary)
    {
        _dictionary = dictionary;
        _ended = !isDictionary;
    }

    public BencodeEntry Current { readonly get; private set; }

    public readonly BencodeEntries GetEnumerator() => this;

    public bool MoveNext()
    {
        if (_ended)
            return false;
        BencodeValue key = _began ? _last.Next : _dictionary.FirstChild;
        _began = true;
        _ended = key.IsEnd;
        if (_ended)
            return false;
        _last = key.Next;
        Current = new BencodeEntry(key, _last);
        return true;
    }
}

namespace Freshet.Core.Bencoding;

/// <summary>
/// A value of a parsed document. The default is the missing value; indexing it returns the missing value again, so that
/// <c>root["info"u8]["name"u8]</c> needs only one check at the end.
/// </summary>
internal readonly struct BencodeValue
{
    private readonly BencodeDocument? _document;
    private readonly int _node;

    internal BencodeValue(BencodeDocument document, int node)
    {
        _document = document;
        _node = node;
    }

    /// <summary>The kind of the value; Missing for the default.</summary>
    public BencodeKind Kind => _document is null ? BencodeKind.Missing : _document.Bytes.Span[Start] switch
    {
        (byte)'i' => BencodeKind.Integer,
        (byte)'l' => BencodeKind.List,
        (byte)'d' => BencodeKind.Dictionary,
        _ => BencodeKind.String,
    };

    /// <summary>Whether there is no value.</summary>
    public bool IsMissing => _document is null;

    /// <summary>The position of the value in the document; 0 if it is missing.</summary>
    public int Start => _document is null ? 0 : _document.Nodes[_node].Start;

    /// <summary>The raw bytes of the value; empty if it is missing.</summary>
    public ReadOnlyMemory<byte> Raw => _document is null ? default : _document.Bytes[Start..End];

    /// <summary>
    /// The value for a key; missing if the key does not exist or this is not a dictionary. Of duplicate keys, the first counts.
    /// </summary>
    public BencodeValue this[ReadOnlySpan<byte> key]
    {
        get
        {
            if (Kind != BencodeKind.Dictionary)
                return default;
            ReadOnlySpan<byte> bytes = _document!.Bytes.Span;
            ReadOnlySpan<BencodeNode> nodes = _document.Nodes;
            for (int node = _node + 1; bytes[nodes[node].Start] != (byte)'e'; node += 1 + nodes[node + 1].Size)
            {
                if (IsString(bytes[nodes[node].Start..], key))
                    return new BencodeValue(_document, node + 1);
            }

            return default;
        }
    }

    /// <summary>The values of a list in order; empty if this is not a list.</summary>
    public BencodeItems Items => new(this, Kind == BencodeKind.List);

    /// <summary>The keys and values of a dictionary in document order; empty if this is not a dictionary.</summary>
    public BencodeEntries Entries => new(this, Kind == BencodeKind.Dictionary);

    /// <summary>The integer; false if this is not an integer.</summary>
    public bool TryGetInteger(out long value)
    {
        value = 0;
        if (Kind != BencodeKind.Integer)
            return false;
        ReadOnlySpan<byte> digits = _document!.Bytes.Span[(Start + 1)..];
        bool negative = digits[0] == (byte)'-';
        for (int i = negative ? 1 : 0; digits[i] != (byte)'e'; i++)
            value = (value * 10) - (digits[i] - '0');
        value = negative ? value : -value;
        return true;
    }

    /// <summary>The byte string; false if this is not a byte string.</summary>
    public bool TryGetString(out ReadOnlyMemory<byte> value)
    {
        value = default;
        if (Kind != BencodeKind.String)
            return false;
        ReadOnlySpan<byte> bytes = _document!.Bytes.Span[Start..];
        int colon = bytes.IndexOf((byte)':');
        value = _document.Bytes.Slice(Start + colon + 1, LengthBefore(bytes[..colon]));
        return true;
    }

    /// <summary>The byte string; empty if this is not a byte string.</summary>
    public ReadOnlySpan<byte> String => TryGetString(out ReadOnlyMemory<byte> value) ? value.Span : default;

    /// <summary>The first value inside, or the end token; only for a list or a dictionary.</summary>
    internal BencodeValue FirstChild => new(_document!, _node + 1);

    /// <summary>The next value in the same list or dictionary, or the end token.</summary>
    internal BencodeValue Next => new(_document!, _node + _document!.Nodes[_node].Size);

    /// <summary>Whether this is the end token of a list or dictionary rather than a value.</summary>
    internal bool IsEnd => _document!.Bytes.Span[Start] == (byte)'e';

    private int End
    {
        get
        {
            if (Kind is BencodeKind.List or BencodeKind.Dictionary)
                return _document!.Nodes[_node + _document.Nodes[_node].Size - 1].Start + 1;
            ReadOnlySpan<byte> bytes = _document!.Bytes.Span[Start..];
            if (bytes[0] == (byte)'i')
                return Start + bytes.IndexOf((byte)'e') + 1;
            int colon = bytes.IndexOf((byte)':');
            return Start + colon + 1 + LengthBefore(bytes[..colon]);
        }
    }

    // Called for every key that is looked up, so it avoids decoding those that do not match.
    private static bool IsString(ReadOnlySpan<byte> bencoded, ReadOnlySpan<byte> text)
    {
        int length = 0;
        int at = 0;
        for (; bencoded[at] != (byte)':'; at++)
            length = (length * 10) + bencoded[at] - '0';
        return length == text.Length && bencoded.Slice(at + 1, length).SequenceEqual(text);
    }

    private static int LengthBefore(ReadOnlySpan<byte> digits)
    {
        int length = 0;
        foreach (byte digit in digits)
            length = (length * 10) + digit - '0';
        return length;
    }
}

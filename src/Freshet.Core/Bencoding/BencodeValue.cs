namespace Freshet.Core.Bencoding;

/// <summary>
/// A value of a parsed document. The default is the missing value, and looking into that gives it again, so that
/// <c>root["info"u8]["name"u8]</c> needs one check at its end.
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

    /// <summary>Its kind; Missing for the default.</summary>
    public BencodeKind Kind => _document is null ? BencodeKind.Missing : _document.Bytes.Span[Start] switch
    {
        (byte)'i' => BencodeKind.Integer,
        (byte)'l' => BencodeKind.List,
        (byte)'d' => BencodeKind.Dictionary,
        _ => BencodeKind.String,
    };

    /// <summary>Whether there is no value.</summary>
    public bool IsMissing => _document is null;

    /// <summary>The byte of the document at which it begins; 0 if it is missing.</summary>
    public int Start => _document is null ? 0 : _document.Nodes[_node].Start;

    /// <summary>The value as it stands in the document; empty if it is missing.</summary>
    public ReadOnlyMemory<byte> Raw => _document is null ? default : _document.Bytes[Start..End];

    /// <summary>A dictionary's value; missing if there is none, or if this is no dictionary. Of equal keys the first counts.</summary>
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

    /// <summary>A list's values in order; none if this is no list.</summary>
    public BencodeItems Items => new(this, Kind == BencodeKind.List);

    /// <summary>A dictionary's keys and values in the document's order; none if this is no dictionary.</summary>
    public BencodeEntries Entries => new(this, Kind == BencodeKind.Dictionary);

    /// <summary>The integer; false if this is none.</summary>
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

    /// <summary>The byte string; false if this is none.</summary>
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

    /// <summary>The byte string; empty if this is none.</summary>
    public ReadOnlySpan<byte> String => TryGetString(out ReadOnlyMemory<byte> value) ? value.Span : default;

    /// <summary>The first value inside, or the end; of a list or a dictionary only.</summary>
    internal BencodeValue FirstChild => new(_document!, _node + 1);

    /// <summary>The value that follows in the same list or dictionary, or the end.</summary>
    internal BencodeValue Next => new(_document!, _node + _document!.Nodes[_node].Size);

    /// <summary>Whether this is the end of the list or dictionary, and no value.</summary>
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

    // Looked at once for every key that is asked for, so nothing is made of those that are not.
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

using System.Runtime.CompilerServices;

#pragma warning disable CA1720 // Integers and strings are what BEP 3 calls them.

namespace Freshet.Core.Bencoding;

/// <summary>
/// Reads bencoded data (BEP 3) one token at a time, without recursion or allocation. Bad input throws nothing: after the first error, and
/// after the end, <see cref="Read"/> returns false.
/// </summary>
/// <remarks>
/// <code>
/// value      = integer / string / list / dictionary
/// integer    = "i" ["-"] digits "e"
/// string     = digits ":" bytes
/// list       = "l" *value "e"
/// dictionary = "d" *(string value) "e"      ; keys ascending as raw bytes, each once
/// </code>
/// </remarks>
public ref struct BencodeReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly BencodeOptions _options;
    private readonly int _maxTokens;
    private Frames _frames;
    private int _tokens;
    private int _stringStart;
    private int _stringLength;

    /// <summary>The most lists and dictionaries that may be open at once.</summary>
    public const int MaxDepth = Limits.MaxBencodeDepth;

    /// <param name="bytes">The bytes of one value.</param>
    /// <param name="options">How strictly the data is parsed.</param>
    public BencodeReader(ReadOnlySpan<byte> bytes, BencodeOptions options = default)
    {
        _bytes = bytes;
        _options = options;
        _maxTokens = options.MaxTokens > 0 ? options.MaxTokens : Limits.MaxBencodeTokens;
    }

    /// <summary>The current token.</summary>
    public BencodeToken Token { get; private set; }

    /// <summary>The position of the current token's first byte.</summary>
    public int TokenStart { get; private set; }

    /// <summary>The position after the current token.</summary>
    public int Position { get; private set; }

    /// <summary>The number of open lists and dictionaries, including one that has just begun.</summary>
    public int Depth { get; private set; }

    /// <summary>Whether the current token is a dictionary key.</summary>
    public bool IsKey { get; private set; }

    /// <summary>The value, if the current token is an integer.</summary>
    public long Integer { get; private set; }

    /// <summary>The value, if the current token is a byte string.</summary>
    public readonly ReadOnlySpan<byte> String => _bytes.Slice(_stringStart, _stringLength);

    /// <summary>The error that stopped the reader; its kind is None if there was none.</summary>
    public BencodeError Error { get; private set; }

    /// <summary>The first tolerated deviation from the canonical form; its kind is None if there was none.</summary>
    public BencodeError Deviation { get; private set; }

    /// <summary>
    /// Advances to the next token. Returns false at the end of the outermost value and at an error; see <see cref="Error"/>.
    /// </summary>
    public bool Read()
    {
        if (Error.Kind != BencodeErrorKind.None)
            return false;
        if (Depth == 0 && _tokens > 0)
            return Finish();
        TokenStart = Position;
        if (Position >= _bytes.Length)
            return Fail(BencodeErrorKind.UnexpectedEnd, Position);
        if (_tokens++ >= _maxTokens)
            return Fail(BencodeErrorKind.TooManyTokens, Position);

        byte first = _bytes[Position];
        if (first == (byte)'e')
            return ReadEnd();
        IsKey = Depth > 0 && _frames[Depth - 1].ExpectsKey;
        if (IsKey && !IsDigit(first))
            return Fail(BencodeErrorKind.KeyNotString, Position);
        bool read = first switch
        {
            (byte)'i' => ReadInteger(),
            (byte)'l' or (byte)'d' => ReadStart(first),
            _ => ReadString(),
        };
        return read && (IsKey ? AcceptKey() : AcceptValue());
    }

    /// <summary>
    /// Advances from the first token of a value to its last, so that the whole value is skipped. Returns true if the value is well formed.
    /// </summary>
    public bool Skip()
    {
        if (Token is not (BencodeToken.List or BencodeToken.Dictionary))
            return Token != BencodeToken.None;
        int outside = Depth - 1;
        while (Depth > outside)
        {
            if (!Read())
                return false;
        }

        return true;
    }

    /// <summary>Like <see cref="Skip()"/>, and returns the raw bytes of the value.</summary>
    public bool Skip(out ReadOnlySpan<byte> raw)
    {
        int start = TokenStart;
        bool skipped = Skip();
        raw = skipped ? _bytes[start..Position] : default;
        return skipped;
    }

    private bool Finish()
    {
        Token = BencodeToken.None;
        if (Position < _bytes.Length && !_options.AllowTrailingBytes)
            return Fail(BencodeErrorKind.TrailingBytes, Position);
        return false;
    }

    private bool ReadEnd()
    {
        if (Depth == 0)
            return Fail(BencodeErrorKind.UnexpectedByte, Position);
        if (_frames[Depth - 1].ExpectsValue)
            return Fail(BencodeErrorKind.KeyWithoutValue, Position);
        Depth--;
        Position++;
        IsKey = false;
        Token = BencodeToken.End;
        return true;
    }

    private bool ReadStart(byte first)
    {
        if (Depth == Limits.MaxBencodeDepth)
            return Fail(BencodeErrorKind.TooDeep, Position);
        Position++;
        Token = first == (byte)'d' ? BencodeToken.Dictionary : BencodeToken.List;
        return true;
    }

    private bool ReadInteger()
    {
        int at = Position + 1;
        bool negative = at < _bytes.Length && _bytes[at] == (byte)'-';
        if (negative)
            at++;
        int digits = at;
        // Accumulates downwards, since the smallest number has no positive counterpart.
        long value = 0;
        for (; at < _bytes.Length && IsDigit(_bytes[at]); at++)
        {
            int digit = _bytes[at] - '0';
            if (value < long.MinValue / 10 || value * 10 < long.MinValue + digit)
                return Fail(BencodeErrorKind.IntegerOutOfRange, TokenStart);
            value = (value * 10) - digit;
        }

        if (at == _bytes.Length)
            return Fail(BencodeErrorKind.UnexpectedEnd, at);
        if (at == digits || _bytes[at] != (byte)'e')
            return Fail(BencodeErrorKind.InvalidInteger, TokenStart);
        if (!negative && value == long.MinValue)
            return Fail(BencodeErrorKind.IntegerOutOfRange, TokenStart);
        bool leadingZero = _bytes[digits] == (byte)'0' && (at - digits > 1 || negative);
        if (leadingZero && !Tolerate(BencodeErrorKind.LeadingZero, TokenStart))
            return false;
        Integer = negative ? value : -value;
        Position = at + 1;
        Token = BencodeToken.Integer;
        return true;
    }

    private bool ReadString()
    {
        int at = Position;
        if (!IsDigit(_bytes[at]))
            return Fail(BencodeErrorKind.UnexpectedByte, at);
        long length = 0;
        for (; at < _bytes.Length && IsDigit(_bytes[at]); at++)
        {
            length = (length * 10) + _bytes[at] - '0';
            if (length > _bytes.Length)
                return Fail(BencodeErrorKind.StringBeyondEnd, TokenStart);
        }

        if (at == _bytes.Length)
            return Fail(BencodeErrorKind.UnexpectedEnd, at);
        if (_bytes[at] != (byte)':')
            return Fail(BencodeErrorKind.InvalidLength, TokenStart);
        if (_bytes[TokenStart] == (byte)'0' && at - TokenStart > 1 && !Tolerate(BencodeErrorKind.LeadingZero, TokenStart))
            return false;
        at++;
        if (length > _bytes.Length - at)
            return Fail(BencodeErrorKind.StringBeyondEnd, TokenStart);
        _stringStart = at;
        _stringLength = (int)length;
        Position = at + (int)length;
        Token = BencodeToken.String;
        return true;
    }

    private bool AcceptKey()
    {
        ref Frame frame = ref _frames[Depth - 1];
        if (frame.KeyStart > 0)
        {
            int order = _bytes.Slice(frame.KeyStart, frame.KeyLength).SequenceCompareTo(String);
            if (order > 0 && !Tolerate(BencodeErrorKind.KeysNotSorted, TokenStart))
                return false;
            if (order == 0 && !Tolerate(BencodeErrorKind.DuplicateKey, TokenStart))
                return false;
        }

        frame.KeyStart = _stringStart;
        frame.KeyLength = _stringLength;
        frame.ExpectsKey = false;
        return true;
    }

    private bool AcceptValue()
    {
        if (Depth > 0 && _frames[Depth - 1].IsDictionary)
            _frames[Depth - 1].ExpectsKey = true;
        if (Token is BencodeToken.List or BencodeToken.Dictionary)
        {
            bool dictionary = Token == BencodeToken.Dictionary;
            _frames[Depth++] = new Frame { IsDictionary = dictionary, ExpectsKey = dictionary };
        }

        return true;
    }

    private bool Tolerate(BencodeErrorKind kind, int offset)
    {
        if (!_options.IsTolerant)
            return Fail(kind, offset);
        if (Deviation.Kind == BencodeErrorKind.None)
            Deviation = new BencodeError(kind, offset);
        return true;
    }

    private bool Fail(BencodeErrorKind kind, int offset)
    {
        Error = new BencodeError(kind, offset);
        Token = BencodeToken.None;
        return false;
    }

    private static bool IsDigit(byte value) => (uint)(value - '0') <= 9;

    /// <summary>An open list or dictionary. A key never begins at byte 0, so a KeyStart of 0 means that there was none.</summary>
    private struct Frame
    {
        public int KeyStart;
        public int KeyLength;
        public bool IsDictionary;
        public bool ExpectsKey;

        public readonly bool ExpectsValue => IsDictionary && !ExpectsKey;
    }

    [InlineArray(Limits.MaxBencodeDepth)]
    private struct Frames
    {
        private Frame _first;
    }
}

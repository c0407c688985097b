namespace Freshet.Core.Metainfo;

/// <summary>
/// Enumerates the characters of a text decomposed (Unicode's canonical decomposition, basic plane) and in upper case. It is implemented
/// here because the framework does not do it in invariant mode.
/// </summary>
internal ref struct FoldedCharacters
{
    private const int HangulFirst = 0xAC00;
    private const int HangulLast = 0xD7A3;
    private const int HangulVowels = 21;
    private const int HangulFinals = 28;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    // The marks of the decomposed character, the last one returned first; no character has more than three.
    private char _pending;
    private char _pending2;
    private char _pending3;

    public FoldedCharacters(ReadOnlySpan<char> text)
    {
        _text = text;
        Current = default;
    }

    public char Current { get; private set; }

    public bool MoveNext()
    {
        if (_pending != 0)
        {
            Current = char.ToUpperInvariant(_pending);
            (_pending, _pending2, _pending3) = (_pending2, _pending3, default);
            return true;
        }

        if (_at == _text.Length)
            return false;
        char c = _text[_at++];
        if (c < 0x80)
        {
            Current = c is >= 'a' and <= 'z' ? (char)(c - 32) : c;
            return true;
        }

        if (c is >= (char)HangulFirst and <= (char)HangulLast)
            c = TakeHangulApart(c - HangulFirst);
        while (CanonicalDecompositions.TryGet(c, out char first, out char mark))
        {
            c = first;
            if (mark != 0)
                (_pending, _pending2, _pending3) = (mark, _pending, _pending2);
        }

        Current = char.ToUpperInvariant(c);
        return true;
    }

    private char TakeHangulApart(int syllable)
    {
        int final = syllable % HangulFinals;
        _pending = (char)(0x1161 + (syllable / HangulFinals % HangulVowels));
        _pending2 = final == 0 ? default : (char)(0x11A7 + final);
        return (char)(0x1100 + (syllable / (HangulFinals * HangulVowels)));
    }
}

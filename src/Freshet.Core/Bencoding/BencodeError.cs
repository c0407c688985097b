namespace Freshet.Core.Bencoding;

/// <summary>An error in bencoded data and its position.</summary>
/// <param name="Kind">What is wrong.</param>
/// <param name="Offset">The byte offset, counted from 0.</param>
public readonly record struct BencodeError(BencodeErrorKind Kind, int Offset)
{
    /// <summary>A description for people.</summary>
    public override string ToString() => Kind == BencodeErrorKind.None ? "no error" : $"{Words} at byte {Offset}";

    private string Words => Kind switch
    {
        BencodeErrorKind.UnexpectedEnd => "the data ends too early",
        BencodeErrorKind.UnexpectedByte => "a byte that begins no value",
        BencodeErrorKind.InvalidInteger => "an integer that is not a number",
        BencodeErrorKind.IntegerOutOfRange => "an integer beyond 64 bits",
        BencodeErrorKind.LeadingZero => "a number with a leading zero",
        BencodeErrorKind.InvalidLength => "a string length that is not a number",
        BencodeErrorKind.StringBeyondEnd => "a string longer than the data",
        BencodeErrorKind.KeyNotString => "a dictionary key that is not a string",
        BencodeErrorKind.KeyWithoutValue => "a dictionary key without a value",
        BencodeErrorKind.KeysNotSorted => "a dictionary key out of order",
        BencodeErrorKind.DuplicateKey => "a duplicate dictionary key",
        BencodeErrorKind.TooDeep => $"lists and dictionaries nested more than {Limits.MaxBencodeDepth} deep",
        BencodeErrorKind.TooManyTokens => "too many values",
        BencodeErrorKind.TrailingBytes => "more data after the end",
        _ => "malformed data",
    };
}

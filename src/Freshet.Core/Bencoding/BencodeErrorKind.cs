namespace Freshet.Core.Bencoding;

/// <summary>The kinds of errors in bencoded data.</summary>
public enum BencodeErrorKind
{
    /// <summary>No error.</summary>
    None,

    /// <summary>The data ends within a value.</summary>
    UnexpectedEnd,

    /// <summary>A byte that cannot start a value.</summary>
    UnexpectedByte,

    /// <summary>An integer that is not digits between <c>i</c> and <c>e</c>.</summary>
    InvalidInteger,

    /// <summary>An integer beyond 64 bits.</summary>
    IntegerOutOfRange,

    /// <summary>An integer or a length with leading zeros, or <c>-0</c>.</summary>
    LeadingZero,

    /// <summary>A byte string's length that is not digits before a colon.</summary>
    InvalidLength,

    /// <summary>A byte string whose length exceeds the data.</summary>
    StringBeyondEnd,

    /// <summary>A dictionary key that is not a byte string.</summary>
    KeyNotString,

    /// <summary>A dictionary that ends after a key.</summary>
    KeyWithoutValue,

    /// <summary>A key that sorts before the previous one.</summary>
    KeysNotSorted,

    /// <summary>A key that equals the previous one.</summary>
    DuplicateKey,

    /// <summary>Lists and dictionaries nested too deep.</summary>
    TooDeep,

    /// <summary>More tokens than are accepted.</summary>
    TooManyTokens,

    /// <summary>Extra bytes after the end of the value.</summary>
    TrailingBytes,
}

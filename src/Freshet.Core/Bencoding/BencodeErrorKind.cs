namespace Freshet.Core.Bencoding;

/// <summary>What is wrong with bytes that should be bencoded.</summary>
public enum BencodeErrorKind
{
    /// <summary>Nothing is.</summary>
    None,

    /// <summary>The data ends within a value.</summary>
    UnexpectedEnd,

    /// <summary>A byte that begins no value.</summary>
    UnexpectedByte,

    /// <summary>An integer that is not digits between <c>i</c> and <c>e</c>.</summary>
    InvalidInteger,

    /// <summary>An integer beyond 64 bits.</summary>
    IntegerOutOfRange,

    /// <summary>An integer or a length with leading zeros, or <c>-0</c>.</summary>
    LeadingZero,

    /// <summary>A byte string's length that is not digits before a colon.</summary>
    InvalidLength,

    /// <summary>A byte string said to be longer than the data.</summary>
    StringBeyondEnd,

    /// <summary>A dictionary's key that is not a byte string.</summary>
    KeyNotString,

    /// <summary>A dictionary that ends after a key.</summary>
    KeyWithoutValue,

    /// <summary>A key that sorts before the one in front of it.</summary>
    KeysNotSorted,

    /// <summary>A key that equals the one in front of it.</summary>
    DuplicateKey,

    /// <summary>Lists and dictionaries nested too deep.</summary>
    TooDeep,

    /// <summary>More values than are accepted.</summary>
    TooManyTokens,

    /// <summary>Bytes after the value's end.</summary>
    TrailingBytes,
}

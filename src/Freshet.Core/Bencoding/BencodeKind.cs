namespace Freshet.Core.Bencoding;

/// <summary>The kinds of bencoded values, and the missing value.</summary>
internal enum BencodeKind
{
    /// <summary>No value: a key that was looked up does not exist.</summary>
    Missing,

    /// <summary>An integer.</summary>
    Integer,

    /// <summary>A byte string.</summary>
    String,

    /// <summary>A list.</summary>
    List,

    /// <summary>A dictionary.</summary>
    Dictionary,
}

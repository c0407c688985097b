namespace Freshet.Core.Bencoding;

/// <summary>The four kinds of bencoded values, and none.</summary>
internal enum BencodeKind
{
    /// <summary>There is no value: a key that was looked up is missing.</summary>
    Missing,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A string of bytes.</summary>
    String,

    /// <summary>A list.</summary>
    List,

    /// <summary>A dictionary.</summary>
    Dictionary,
}

#pragma warning disable CA1720 // Integers and strings are what BEP 3 calls them.

namespace Freshet.Core.Bencoding;

/// <summary>What <see cref="BencodeReader"/> stands on.</summary>
public enum BencodeToken
{
    /// <summary>Nothing: before the beginning, after the end, or at an error.</summary>
    None,

    /// <summary><c>i42e</c></summary>
    Integer,

    /// <summary><c>4:spam</c>, a value or a dictionary's key.</summary>
    String,

    /// <summary><c>l</c>: values follow, up to an <see cref="End"/>.</summary>
    List,

    /// <summary><c>d</c>: keys and values follow in turn, up to an <see cref="End"/>.</summary>
    Dictionary,

    /// <summary><c>e</c>: the innermost list or dictionary is over.</summary>
    End,
}

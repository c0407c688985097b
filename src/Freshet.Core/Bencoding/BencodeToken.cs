#pragma warning disable CA1720 // Integers and strings are what BEP 3 calls them.

namespace Freshet.Core.Bencoding;

/// <summary>The kinds of tokens that <see cref="BencodeReader"/> reads.</summary>
public enum BencodeToken
{
    /// <summary>No token: before the start, after the end, or at an error.</summary>
    None,

    /// <summary><c>i42e</c></summary>
    Integer,

    /// <summary><c>4:spam</c>: a value or a dictionary key.</summary>
    String,

    /// <summary><c>l</c>: values follow, up to an <see cref="End"/>.</summary>
    List,

    /// <summary><c>d</c>: keys and values follow alternately, up to an <see cref="End"/>.</summary>
    Dictionary,

    /// <summary><c>e</c>: the end of the innermost list or dictionary.</summary>
    End,
}

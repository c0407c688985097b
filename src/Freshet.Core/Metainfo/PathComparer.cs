using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Treats two paths as equal if any common file system would: ignoring case (Windows, macOS) and the composition of accented characters
/// (macOS).
/// </summary>
internal sealed class PathComparer : IEqualityComparer<string>, IAlternateEqualityComparer<ReadOnlySpan<char>, string>
{
    public static PathComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => x is null || y is null ? x == y : Equals(x.AsSpan(), y);

    public int GetHashCode([DisallowNull] string obj) => GetHashCode(obj.AsSpan());

    public bool Equals(ReadOnlySpan<char> alternate, string other)
    {
        if (other.AsSpan().SequenceEqual(alternate))
            return true;
        var left = new FoldedCharacters(alternate);
        var right = new FoldedCharacters(other);
        while (left.MoveNext())
        {
            if (!right.MoveNext() || left.Current != right.Current)
                return false;
        }

        return !right.MoveNext();
    }

    public int GetHashCode(ReadOnlySpan<char> alternate)
    {
        // The seed differs from process to process, so that nobody can create a torrent of colliding names.
        var hash = default(HashCode);
        var folded = new FoldedCharacters(alternate);
        while (folded.MoveNext())
            hash.Add(folded.Current);
        return hash.ToHashCode();
    }

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
}

using System.Diagnostics.CodeAnalysis;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Holds two paths for equal where some file system would: without regard to case (Windows, macOS) and to how accented
/// characters are put together (macOS).
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
        // Its seed differs from process to process, so that nobody can make a torrent of names that collide.
        var hash = default(HashCode);
        var folded = new FoldedCharacters(alternate);
        while (folded.MoveNext())
            hash.Add(folded.Current);
        return hash.ToHashCode();
    }

    public string Create(ReadOnlySpan<char> alternate) => alternate.ToString();
}

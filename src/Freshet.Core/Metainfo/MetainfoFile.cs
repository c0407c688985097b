using System.Collections.Immutable;
using System.Text;

namespace Freshet.Core.Metainfo;

/// <summary>A file to include in a new torrent.</summary>
public sealed record MetainfoFile
{
    /// <summary>The elements of its path in the torrent's folder; empty for the only file of a torrent without a folder.</summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>The length in bytes; 0 for a symbolic link.</summary>
    public required long Length { get; init; }

    /// <summary>Attributes (BEP 47).</summary>
    public FileTraits Traits { get; init; }

    /// <summary>For a symbolic link, the elements of the target's path in the torrent's folder.</summary>
    public ImmutableArray<string> SymlinkPath { get; init; } = [];

    /// <summary>
    /// Sorts files into the order that they have in a torrent: by the bytes of their paths, element by element, like the keys of BEP 52's
    /// file tree. The same files make the same torrent wherever they are listed.
    /// </summary>
    public static ImmutableArray<MetainfoFile> InOrder(IEnumerable<MetainfoFile> files)
    {
        MetainfoFile[] sorted = [.. files];
        // The zero byte cannot occur in a name and sorts first: joined with it, paths compare element by element.
        byte[][] keys = Array.ConvertAll(sorted, file => Encoding.UTF8.GetBytes(string.Join('\0', file.Path)));
        Array.Sort(keys, sorted, Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)));
        return [.. sorted];
    }
}

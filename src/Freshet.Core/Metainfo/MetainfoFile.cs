using System.Collections.Immutable;
using System.Text;

namespace Freshet.Core.Metainfo;

/// <summary>A file to be put into a new torrent.</summary>
public sealed record MetainfoFile
{
    /// <summary>The elements of its path below the torrent's folder; none for the only file of a torrent without a folder.</summary>
    public ImmutableArray<string> Path { get; init; } = [];

    /// <summary>Bytes; 0 for a symbolic link.</summary>
    public required long Length { get; init; }

    /// <summary>Attributes (BEP 47).</summary>
    public FileTraits Traits { get; init; }

    /// <summary>For a symbolic link, the elements of its target's path below the torrent's folder.</summary>
    public ImmutableArray<string> SymlinkPath { get; init; } = [];

    /// <summary>
    /// Puts files in the order they have in a torrent: by the bytes of their paths, element for element, as the keys of BEP 52's
    /// file tree are. The same files make the same torrent wherever they are listed.
    /// </summary>
    public static ImmutableArray<MetainfoFile> InOrder(IEnumerable<MetainfoFile> files)
    {
        MetainfoFile[] sorted = [.. files];
        // No name holds a zero byte, and none is smaller: joined with it, paths compare as their elements do.
        byte[][] keys = Array.ConvertAll(sorted, file => Encoding.UTF8.GetBytes(string.Join('\0', file.Path)));
        Array.Sort(keys, sorted, Comparer<byte[]>.Create((x, y) => x.AsSpan().SequenceCompareTo(y)));
        return [.. sorted];
    }
}

using System.Collections.Immutable;
using System.Text;
using Freshet.Core.Bencoding;

namespace Freshet.Core.Metainfo;

/// <summary>
/// Where the files of a torrent are stored: under the torrent's own paths in the output folder, except for files that were renamed, are
/// incomplete or are not wanted. Only the exceptions are stored, so that the map of most torrents is empty. Immutable; no two files have
/// the same place.
/// </summary>
internal sealed class FileMap
{
    private readonly ImmutableSortedDictionary<int, StoredFile> _moved;

    private FileMap(ImmutableSortedDictionary<int, StoredFile> moved) => _moved = moved;

    /// <summary>A map with every file under its own path in the output folder.</summary>
    public static FileMap Identity { get; } = new(ImmutableSortedDictionary<int, StoredFile>.Empty);

    /// <summary>The number of files in the map, which are not where the torrent says.</summary>
    public int Count => _moved.Count;

    /// <summary>The indices of those files.</summary>
    public IEnumerable<int> Files => _moved.Keys;

    /// <summary>The indices of the files that have parts in the part file.</summary>
    public IEnumerable<int> HeldByPartFile => _moved.Where(entry => entry.Value.Home == FileHome.PartFile).Select(entry => entry.Key);

    /// <summary>Whether there are any such files.</summary>
    public bool HasPartFile => Count > 0 && HeldByPartFile.Any();

    /// <summary>Where a file is stored.</summary>
    public StoredFile this[TorrentFile file] =>
        _moved.TryGetValue(file.Index, out StoredFile stored) ? stored : new StoredFile(FileHome.Output, file.Path);

    /// <summary>Returns a map with the file in another place, under its current path.</summary>
    public FileMap Place(TorrentFile file, FileHome home) => With(file, this[file] with { Home = home });

    /// <summary>Returns a map with all files in the places that they have in another map, under their current paths.</summary>
    public FileMap WithHomesOf(FileMap other, ImmutableArray<TorrentFile> files)
    {
        if (ReferenceEquals(this, other))
            return this;
        FileMap map = this;
        foreach (int file in _moved.Keys.Union(other._moved.Keys))
            map = map.Place(files[file], other[files[file]].Home);
        return map;
    }

    /// <summary>Returns a map with the file under another path, in its current place.</summary>
    /// <param name="files">All files of the torrent.</param>
    /// <param name="file">The file to rename.</param>
    /// <param name="path">Its new path in its place, with <c>/</c> between elements.</param>
    /// <param name="rules">The path rules of the torrent's folder.</param>
    /// <exception cref="ArgumentException">The path leads outside, cannot be stored, or belongs to another file or to a folder of another
    /// file.</exception>
    public FileMap Rename(ImmutableArray<TorrentFile> files, TorrentFile file, string path, PathRules rules)
    {
        if (!IsSafe(path, rules))
            throw new ArgumentException($"'{path}' is not a path that the torrent's folder can hold.", nameof(path));
        string?[] paths = [.. files.Select(other => other.IsPadding ? null : other.Index == file.Index ? path : this[other].Path)];
        if (new SafePaths(rules).MakeUnique(paths).Count > 0)
            throw new ArgumentException($"'{path}' is taken by another file of the torrent or by one of its folders.", nameof(path));
        return With(file, this[file] with { Path = path });
    }

    /// <summary>Writes the map as a list of lists: index, place, path.</summary>
    public void Write(BencodeWriter writer)
    {
        writer.WriteListStart();
        foreach ((int file, StoredFile stored) in _moved)
        {
            writer.WriteListStart();
            writer.WriteInteger(file);
            writer.WriteInteger((int)stored.Home);
            writer.WriteString(stored.Path);
            writer.WriteEnd();
        }

        writer.WriteEnd();
    }

    /// <summary>Returns a map with the file under a path that <see cref="Rename"/> has accepted before.</summary>
    public FileMap WithPath(TorrentFile file, string path) => With(file, this[file] with { Path = path });

    /// <summary>Reads what <see cref="Write"/> wrote; false if it does not fit the files, or leads outside.</summary>
    /// <param name="value">The bencoded map.</param>
    /// <param name="files">All files of the torrent.</param>
    /// <param name="rules">The path rules of the torrent's folder. If they differ from this system's, the paths in the map are not compared
    /// with those of the other files, since the latter were made by this system's rules.</param>
    /// <param name="map">The map.</param>
    public static bool TryRead(BencodeValue value, ImmutableArray<TorrentFile> files, PathRules rules, out FileMap map)
    {
        map = Identity;
        if (value.Kind != BencodeKind.List)
            return false;
        foreach (BencodeValue entry in value.Items)
        {
            BencodeItems items = entry.Items;
            if (!items.MoveNext() || !items.Current.TryGetInteger(out long index) || index < 0 || index >= files.Length
                || !items.MoveNext() || !items.Current.TryGetInteger(out long home) || home is < 0 or > (long)FileHome.PartFile
                || !items.MoveNext() || items.Current.Kind != BencodeKind.String)
            {
                return false;
            }

            string path = Encoding.UTF8.GetString(items.Current.String);
            if (!IsSafe(path, rules))
                return false;
            map = map.With(files[(int)index], new StoredFile((FileHome)home, path));
        }

        FileMap read = map;
        bool areOwn = rules == MetainfoReader.NativeRules;
        string?[] paths =
            [.. files.Select(file => !file.IsPadding && (areOwn || read._moved.ContainsKey(file.Index)) ? read[file].Path : null)];
        return read.Count == 0 || new SafePaths(rules).MakeUnique(paths).Count == 0;
    }

    /// <summary>Whether a path stays in its folder and can be stored unchanged under the given rules.</summary>
    public static bool IsSafe(string path, PathRules rules)
    {
        if (Encoding.UTF8.GetByteCount(path) > MetainfoLimits.MaxPathBytes)
            return false;
        foreach (string element in path.Split('/'))
        {
            PathElement.Clean(Encoding.UTF8.GetBytes(element), rules, out bool changed);
            if (changed)
                return false;
        }

        return true;
    }

    private FileMap With(TorrentFile file, StoredFile stored) =>
        new(stored == new StoredFile(FileHome.Output, file.Path) ? _moved.Remove(file.Index) : _moved.SetItem(file.Index, stored));
}

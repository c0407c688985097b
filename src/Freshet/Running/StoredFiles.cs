using Freshet.Core.Metainfo;

namespace Freshet.Running;

/// <summary>A torrent's files as they are, or would be, stored in a folder.</summary>
/// <param name="Metainfo">The torrent.</param>
/// <param name="Map">The path of each file in the folder.</param>
/// <param name="Folder">The folder, absolute.</param>
internal readonly record struct StoredFiles(TorrentMetainfo Metainfo, FileMap Map, string Folder)
{
    /// <summary>Whether two folders can contain the same path.</summary>
    public static bool MayMeet(string one, string other) => one == other || IsBelow(one, other) || IsBelow(other, one);

    /// <summary>Whether a path lies in a folder.</summary>
    public static bool IsBelow(string path, string above) =>
        path.StartsWith(above, StringComparison.Ordinal)
        && (Path.EndsInDirectorySeparator(above) || (path.Length > above.Length && path[above.Length] == Path.DirectorySeparatorChar));

    /// <summary>The files that have bytes of their own.</summary>
    public IEnumerable<TorrentFile> All => Metainfo.Files.Where(file => !file.IsPadding && file.SymlinkTarget is null);

    /// <summary>The absolute path of a file.</summary>
    public string PathOf(TorrentFile file) => Path.Join(Folder, Map[file].Path);

    /// <summary>The absolute paths of the topmost files and folders: one, unless files were renamed out of it.</summary>
    public IReadOnlyCollection<string> Tops()
    {
        if (Map.Count == 0)
            return Metainfo.Files.IsEmpty ? [] : [TopOf(Metainfo.Files[0].Path)];
        HashSet<string> tops = [];
        foreach (TorrentFile file in All)
            tops.Add(TopOf(Map[file].Path));
        return tops;
    }

    private string TopOf(string path)
    {
        int end = path.IndexOf('/', StringComparison.Ordinal);
        return Path.Join(Folder, end < 0 ? path : path[..end]);
    }

    /// <summary>The files by their paths.</summary>
    public Dictionary<string, TorrentFile> ByPath()
    {
        Dictionary<string, TorrentFile> files = [];
        foreach (TorrentFile file in All)
            files.TryAdd(PathOf(file), file);
        return files;
    }
}

using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>Determines which names a folder can hold, without writing into it.</summary>
internal static class FolderNames
{
    /// <summary>
    /// Whether names in a folder, or where it will be created, are case-insensitive: the folder itself is looked up with the case of its
    /// name swapped. On Linux this applies to USB sticks (FAT, exFAT, NTFS) and network shares, most of which also forbid what Windows
    /// forbids.
    /// </summary>
    public static bool IgnoreCase(string folder)
    {
        string? path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        while (path is not null && !Directory.Exists(path))
            path = Path.GetDirectoryName(path);
        for (; path is not null; path = Path.GetDirectoryName(path))
        {
            string name = Path.GetFileName(path);
            string turned = string.Concat(name.Select(TurnCase));
            if (turned == name)
                continue;
            string other = Path.Combine(Path.GetDirectoryName(path)!, turned);
            return Directory.Exists(other) && AreSame(path, other);
        }

        return false;
    }

    // Where the system gives no identity, they are assumed to be the same.
    private static bool AreSame(string folder, string other) => IdOf(folder) == IdOf(other);

    private static (ulong, ulong)? IdOf(string folder) => SystemFiles.Instance.Stat(new FilePath(folder, ".")).Id;

    private static char TurnCase(char c) =>
        char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c;
}

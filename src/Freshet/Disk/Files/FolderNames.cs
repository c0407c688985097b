using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>What names a folder can hold, found out without writing into it.</summary>
internal static class FolderNames
{
    /// <summary>
    /// Whether names in a folder, or in where it is to be made, differ by more than case: the folder itself is found with its name's case
    /// turned round. On Linux such are sticks (FAT, exFAT, NTFS) and shares; most of them also forbid what Windows does.
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

    // Where the system does not say, they are taken to be.
    private static bool AreSame(string folder, string other) => IdOf(folder) == IdOf(other);

    private static (ulong, ulong)? IdOf(string folder) => SystemFiles.Instance.Stat(new FilePath(folder, ".")).Id;

    private static char TurnCase(char c) =>
        char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c;
}

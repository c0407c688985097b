using System.Collections.Frozen;
using Freshet.FileSystem;

namespace Freshet.Disk.Files;

/// <summary>Determines which names a folder can hold, without writing into it.</summary>
internal static class FolderNames
{
    // Any of a folder's entries says the same; most have a letter in their names.
    private const int MostEntries = 100;

    // File systems of sticks and network shares, as the framework calls them.
    private static readonly FrozenSet<string> WithoutCase =
        FrozenSet.Create("msdos", "vfat", "exfat", "ntfs", "ntfs3", "cifs", "smb", "smb2", "smb3", "smbfs");

    /// <summary>
    /// Whether names in a folder, or where it will be created, are case-insensitive: something in it, or in the folders above it on the
    /// same file system, is looked up with the case of its name swapped. On Linux this applies to USB sticks (FAT, exFAT, NTFS) and
    /// network shares, most of which also forbid what Windows forbids. If there is nothing to look up, the kind of the file system decides.
    /// </summary>
    public static bool IgnoreCase(string folder)
    {
        string? path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        while (path is not null && !Directory.Exists(path))
            path = Path.GetDirectoryName(path);
        for (; path is not null; path = Path.GetDirectoryName(path))
        {
            if (DoEntriesIgnoreCase(path) is { } found)
                return found;
            if (Path.GetDirectoryName(path) is not { } parent || EntryOf(path).Id?.Device != EntryOf(parent).Id?.Device)
                return WithoutCase.Contains(FormatOf(path));
        }

        return false;
    }

    private static bool? DoEntriesIgnoreCase(string folder)
    {
        try
        {
            foreach (string entry in Directory.EnumerateFileSystemEntries(folder).Take(MostEntries))
            {
                if (DoesIgnoreCase(folder, Path.GetFileName(entry)) is { } found)
                    return found;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It may hold files without showing them.
        }

        return null;
    }

    // Null if there is no letter in the name, or nothing of that name. Where the system gives no identity, what is found is the same.
    private static bool? DoesIgnoreCase(string folder, string name)
    {
        string turned = string.Concat(name.Select(TurnCase));
        if (turned == name || EntryOf(folder, name) is not { Exists: true } entry)
            return null;
        return EntryOf(folder, turned) is { Exists: true } other && entry.Id == other.Id;
    }

    private static FileEntry EntryOf(string folder, string name = ".")
    {
        try
        {
            return SystemFiles.Instance.Stat(new FilePath(folder, name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }

    private static string FormatOf(string folder)
    {
        try
        {
            return new DriveInfo(folder).DriveFormat;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    private static char TurnCase(char c) =>
        char.IsAsciiLetterLower(c) ? char.ToUpperInvariant(c) : char.IsAsciiLetterUpper(c) ? char.ToLowerInvariant(c) : c;
}

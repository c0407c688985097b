namespace Freshet.FileSystem;

/// <summary>A folder given by the user, with any parents it needs.</summary>
internal static class RootFolder
{
    /// <summary>Creates the missing parts of a folder's path, durably: what is stored in the folder would be lost with its name.</summary>
    /// <param name="system">The file system.</param>
    /// <param name="path">The folder's absolute path.</param>
    /// <param name="isPrivate">Whether created folders are for this user alone.</param>
    public static void Create(IFileSystem system, string path, bool isPrivate = false)
    {
        Stack<string> missing = [];
        string? next = path;
        while (next is not null && !system.Stat(new FilePath(next, "")).Exists)
        {
            missing.Push(next);
            next = Path.GetDirectoryName(next);
        }

        foreach (string folder in missing)
        {
            FilePath child = new(Path.GetDirectoryName(folder)!, Path.GetFileName(folder));
            if (Create(system, child, isPrivate))
                system.FlushFolder(child.Parent);
        }
    }

    /// <summary>Creates the missing folders on the path to a file, and their root.</summary>
    /// <param name="system">The file system.</param>
    /// <param name="path">The file.</param>
    /// <param name="onEntry">Called for every folder that has a new entry: all must be flushed, and the file's own folder as well.</param>
    public static void CreateParents(IFileSystem system, FilePath path, Action<FilePath> onEntry)
    {
        Create(system, path.Root);
        FilePath folder = path.Parent;
        for (int end = 0; end < folder.Name.Length; end++)
        {
            end = folder.Name.IndexOf('/', end);
            end = end < 0 ? folder.Name.Length : end;
            FilePath next = folder with { Name = folder.Name[..end] };
            if (system.CreateFolder(next))
                onEntry(next.Parent);
        }
    }

    // Some folders take no others, whatever the rights: that of /proc says that there is no such folder.
    private static bool Create(IFileSystem system, FilePath child, bool isPrivate)
    {
        try
        {
            return system.CreateFolder(child, isPrivate);
        }
        catch (IOException e) when (e.HResult == Errno.NotFound && system.Stat(child.Parent).Kind is FileKind.Folder)
        {
            throw Errno.ToException(Errno.NotPermitted, child.Full);
        }
        catch (IOException e) when (e.HResult == Errno.NotAFolder)
        {
            throw Errno.ToException(Errno.IsAFolder, child.Parent.Full);
        }
    }
}

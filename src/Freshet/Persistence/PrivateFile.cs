namespace Freshet.Persistence;

/// <summary>
/// How the session's own files are made: for their user alone. A .torrent of a private tracker holds the passkey that its downloads are
/// charged to.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder, with those above it, that only its user may look into. One that is there stays as it is.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(path);
        else
            Directory.CreateDirectory(path, FileMode600 | UnixFileMode.UserExecute);
    }

    public static FileStreamOptions Create() => Options(FileMode.Create, FileAccess.Write, FileShare.None);

    public static FileStreamOptions OpenOrCreate(FileShare share) => Options(FileMode.OpenOrCreate, FileAccess.ReadWrite, share);

    private static FileStreamOptions Options(FileMode mode, FileAccess access, FileShare share)
    {
        FileStreamOptions options = new() { Mode = mode, Access = access, Share = share, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = FileMode600;
        return options;
    }
}

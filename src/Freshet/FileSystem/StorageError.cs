namespace Freshet.FileSystem;

/// <summary>Why the disk failed to read or write data.</summary>
/// <param name="Kind">The kind, for programs.</param>
/// <param name="Path">The file or folder.</param>
/// <param name="Message">For people: what went wrong, where, and what to do next.</param>
internal sealed record StorageError(StorageErrorKind Kind, string Path, string Message)
{
    /// <summary>Describes an exception of the framework.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="action">What was tried, as in "cannot …".</param>
    /// <param name="path">The file or folder.</param>
    public static StorageError From(Exception exception, string action, string path)
    {
        if (exception is UnsafePathException unsafePath)
            return Unsafe(unsafePath.Link);
        StorageErrorKind kind = KindOf(exception);
        return new StorageError(kind, path, $"{Describe(kind, exception, action, path)} {AdviceOn(kind)}".TrimEnd());
    }

    /// <summary>What went wrong, without advice: for files other than a torrent's data, for which the advice differs.</summary>
    /// <inheritdoc cref="From"/>
    public static string Describe(Exception exception, string action, string path) =>
        exception is UnsafePathException unsafePath
            ? $"Cannot {action} {path}: {unsafePath.Link} is a symbolic link, which is not followed."
            : Describe(KindOf(exception), exception, action, path);

    /// <summary>Describes a file that is missing, or ends too early.</summary>
    public static StorageError Missing(string path) =>
        new(
            StorageErrorKind.Missing,
            path,
            $"{path} is missing, or shorter than it should be. Check whether its disk is mounted. "
            + "If the data is gone for good, a recheck (--recheck) downloads it again.");

    /// <summary>Describes a symbolic link at the path of a file, or one that leads out of the download folder.</summary>
    public static StorageError Unsafe(string link) =>
        new(
            StorageErrorKind.UnsafePath,
            link,
            $"{link} is a symbolic link, which is not followed: below the output folder only links to folders in it are. "
            + "Put the file or folder itself in its place, or choose another output folder.");

    /// <summary>Describes an obstacle at the path of a torrent's file or folder.</summary>
    /// <param name="path">The path.</param>
    /// <param name="kind">What is there.</param>
    /// <param name="belongs">What should be there.</param>
    public static StorageError InTheWay(string path, FileKind kind, string belongs) =>
        new(
            StorageErrorKind.NotAFile,
            path,
            $"{path} is {NameOf(kind)}, where the torrent has a {belongs}. Move it away, or choose another output folder.");

    /// <summary>Describes a file that was moved or replaced while it was being written.</summary>
    public static StorageError Replaced(string path) =>
        new(
            StorageErrorKind.Replaced,
            path,
            $"{path} was moved or replaced by another program while it was being written. "
            + "Stop the torrent and start it again: what lies there now will be checked.");

    /// <summary>Describes a name that is taken.</summary>
    public static StorageError Taken(string path) =>
        new(StorageErrorKind.NameTaken, path, $"{path} exists already, and is not overwritten. Move it away, or choose another name.");

    public override string ToString() => Message;

    /// <summary>Whether an exception is a file access error with an external cause.</summary>
    public static bool IsStorageException(Exception exception) =>
        exception is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    private static StorageErrorKind KindOf(Exception exception) => exception switch
    {
        UnsafePathException => StorageErrorKind.UnsafePath,
        FileNotFoundException or DirectoryNotFoundException => StorageErrorKind.Missing,
        UnauthorizedAccessException => Errno.KindOf((exception.InnerException ?? exception).HResult, StorageErrorKind.PermissionDenied),
        IOException => Errno.KindOf(exception.HResult, StorageErrorKind.Other),
        _ => StorageErrorKind.Other,
    };

    private static string NameOf(FileKind kind) => kind switch
    {
        FileKind.File => "a file",
        FileKind.Folder => "a folder",
        FileKind.Link => "a symbolic link",
        _ => "a pipe or a device",
    };

    private static string Describe(StorageErrorKind kind, Exception exception, string action, string path) =>
        $"Cannot {action} {path}: {CauseOf(kind, exception).TrimEnd('.')}.";

    private static string CauseOf(StorageErrorKind kind, Exception exception) => kind switch
    {
        StorageErrorKind.DiskFull => "the disk is full",
        StorageErrorKind.QuotaExceeded => "your quota on this disk is used up",
        StorageErrorKind.PermissionDenied => "permission denied",
        StorageErrorKind.ReadOnly => "the file system is mounted read-only",
        StorageErrorKind.Missing => "it does not exist",
        StorageErrorKind.IoError => "the disk reports an input/output error",
        StorageErrorKind.TooManyOpenFiles => "more files are open than the system allows (ulimit -n)",
        StorageErrorKind.NotAFile => "something else lies in its place",
        StorageErrorKind.FileTooLarge => "the file system cannot hold a file so large",
        _ => exception.Message,
    };

    private static string AdviceOn(StorageErrorKind kind) => kind switch
    {
        StorageErrorKind.DiskFull or StorageErrorKind.QuotaExceeded => "Free some space; the torrent goes on by itself.",
        StorageErrorKind.PermissionDenied => "Check who owns the folder and what they may do.",
        StorageErrorKind.ReadOnly => "Mount it writable, or choose another folder.",
        StorageErrorKind.Missing => "Check whether its disk is mounted.",
        StorageErrorKind.IoError => "Check the disk's health and cables.",
        StorageErrorKind.TooManyOpenFiles => "Raise the limit, or lower the session's.",
        StorageErrorKind.NotAFile => "Move it away, or choose another folder.",
        StorageErrorKind.FileTooLarge => "Choose a folder on another file system.",
        _ => "",
    };
}

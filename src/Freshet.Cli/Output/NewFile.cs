using Freshet.FileSystem;

namespace Freshet.Cli.Output;

/// <summary>Writes a command's result: completely or not at all, and not over an existing file unless asked to.</summary>
internal static class NewFile
{
    /// <summary>Fails early, before the work.</summary>
    public static void RequireFree(FileInfo file, bool force)
    {
        if (Directory.Exists(file.FullName))
            throw new CliException($"{file} is a folder.", "Name a file.");
        if (file.Exists && !force)
            throw new CliException($"{file} is there already.", "Choose another name, or overwrite it with --force.");
        if (file.Directory is { Exists: false } folder)
            throw new CliException($"There is no folder {folder} for {file.Name}.", "Make it first, or choose another.");
    }

    public static void Write(FileInfo file, ReadOnlySpan<byte> bytes, bool force)
    {
        try
        {
            // The target of a link is written; the link itself stays.
            FileInfo target = file.LinkTarget is null ? file : file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
            target.Refresh();
            if (force && target is { Exists: true, Length: 0 })
                WriteInto(target, bytes);
            else
                Replace(target, bytes, force);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string reason = e switch
            {
                UnauthorizedAccessException => "permission was denied",
                FileNotFoundException => "no file can be made there",
                _ => e.Message.TrimEnd('.'),
            };
            throw new CliException($"{file} cannot be written: {reason}.", cause: e);
        }
    }

    /// <summary>
    /// An existing file without content may be a device or a pipe, which must be written to in place: replacing /dev/null would take it
    /// away from everyone. In an empty file nothing can be lost.
    /// </summary>
    private static void WriteInto(FileInfo target, ReadOnlySpan<byte> bytes)
    {
        using FileStream stream = new(
            target.FullName, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        stream.Write(bytes);
        DiskFlush.Flush(stream.SafeFileHandle, target.FullName);
    }

    private static void Replace(FileInfo target, ReadOnlySpan<byte> bytes, bool force)
    {
        string temporary = Path.Combine(target.DirectoryName!, $".{target.Name}.{Environment.ProcessId}.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                DiskFlush.Flush(stream.SafeFileHandle, temporary);
            }

            File.Move(temporary, target.FullName, overwrite: force);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

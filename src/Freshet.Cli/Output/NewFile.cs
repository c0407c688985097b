namespace Freshet.Cli.Output;

/// <summary>Writes a command's result: whole or not at all, and over nothing that is there unless told to.</summary>
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
        string temporary = Path.Combine(file.DirectoryName!, $".{file.Name}.{Environment.ProcessId}.tmp");
        try
        {
            using (FileStream stream = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
            {
                stream.Write(bytes);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file.FullName, overwrite: force);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

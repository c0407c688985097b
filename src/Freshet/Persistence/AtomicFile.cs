using Freshet.Disk;

namespace Freshet.Persistence;

/// <summary>
/// A file that is replaced whole or not at all, whatever happens in between, power loss included; its previous content is kept
/// beside it until the next replacement.
/// </summary>
internal sealed class AtomicFile
{
    private readonly string _temporary;

    public AtomicFile(string path)
    {
        Path = path;
        Previous = path + ".previous";
        _temporary = path + ".tmp";
    }

    public string Path { get; }

    /// <summary>What it held before the last replacement.</summary>
    public string Previous { get; }

    public void Replace(ReadOnlySpan<byte> content)
    {
        using (FileStream stream = new(_temporary, PrivateFile.Create()))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        // From here until the second rename only the previous copy stands, and readers know to look for it.
        if (File.Exists(Path))
            File.Move(Path, Previous, overwrite: true);
        File.Move(_temporary, Path, overwrite: true);
        if (FolderFlush.Run(System.IO.Path.GetDirectoryName(Path)!) is { } error)
            throw new IOException(error.Message);
    }

    public void Delete()
    {
        File.Delete(_temporary);
        File.Delete(Path);
        File.Delete(Previous);
    }
}

using System.Runtime.InteropServices;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// A file that is replaced atomically, even across a power loss; its previous content is kept beside it until the next replacement. Only
/// its user may read it, since a .torrent may contain passkeys.
/// </summary>
internal sealed class AtomicFile(IFileSystem system, FilePath path)
{
    /// <summary>How the name of the content before the last replacement ends.</summary>
    public const string PreviousSuffix = ".previous";

    private readonly FilePath _temporary = path with { Name = path.Name + ".tmp" };

    public FilePath Path { get; } = path;

    /// <summary>The content before the last replacement.</summary>
    public FilePath Previous { get; } = path with { Name = path.Name + PreviousSuffix };

    public void Replace(ReadOnlySpan<byte> content)
    {
        Prepare(content);

        // From here until the second rename only the previous copy exists, and readers know to look for it.
        if (system.Stat(Path).IsFile)
            system.Rename(Path, Previous);
        system.Rename(_temporary, Path);
        system.FlushFolder(Path.Parent);
    }

    public void Delete()
    {
        // The previous copy goes first: alone it would be what is left of a replacement.
        system.Delete(_temporary);
        system.Delete(Previous);
        system.Delete(Path);
    }

    private void Prepare(ReadOnlySpan<byte> content)
    {
        try
        {
            using IFile file = system.Open(_temporary, FileOpening.CreatePrivate);
            file.SetLength(0);
            WriteAll(file, content);
            file.Flush();
        }
        catch (IOException)
        {
            // On a full disk the partial file would waste space.
            DeleteTemporary();
            throw;
        }
    }

    private void DeleteTemporary()
    {
        try
        {
            system.Delete(_temporary);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            // The next replacement overwrites it.
        }
    }

    private static unsafe void WriteAll(IFile file, ReadOnlySpan<byte> content)
    {
        fixed (byte* bytes = &MemoryMarshal.GetReference(content))
        {
            IoCursor cursor = new([new IoBuffer((nint)bytes, content.Length)]);
            VectoredIo.Write(file, ref cursor, 0, content.Length);
        }
    }
}

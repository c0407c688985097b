using Freshet.Core.Metainfo;
using Freshet.Disk.Moving;
using Freshet.FileSystem;

namespace Freshet.Disk.Matching;

/// <summary>
/// Gives files that were found elsewhere their names in a torrent's folder. Nothing there is overwritten, and what was found is never
/// changed. A copy has a temporary name until it is complete.
/// </summary>
/// <param name="system">The file system.</param>
/// <param name="folder">The torrent's folder, absolute.</param>
/// <param name="key">Makes the temporary names of copies unique to the torrent.</param>
internal sealed class FilePlacement(IFileSystem system, string folder, string key)
{
    private readonly FileCopy _copy = new(system);

    /// <summary>Places a file; null if something has its name, or the found file can no longer be read.</summary>
    /// <param name="found">The file.</param>
    /// <param name="placing">Whether a link is wanted. It is made only of a file that is whole: nothing needs to be written to it.</param>
    /// <param name="cancellationToken">Cancels the copy, which is then deleted.</param>
    /// <exception cref="IOException">A disk fails.</exception>
    public PlacedFile? Place(FoundFile found, FilePlacing placing, CancellationToken cancellationToken)
    {
        FilePath target = new(folder, found.File.Path);
        if (system.Stat(target).Exists)
            return null;
        FilePath source = new(Path.GetDirectoryName(found.Path)!, Path.GetFileName(found.Path));
        if (!CanRead(source))
            return null;
        List<FilePath> changed = [];
        RootFolder.CreateParents(system, target, changed.Add);
        PlacedAs way;
        try
        {
            way = placing == FilePlacing.Link && found.IsWhole && TryLink(source, target)
                ? PlacedAs.Link
                : Copy(source, target, found.File, cancellationToken);
        }
        catch (IOException e) when (Errno.IsTaken(e.HResult))
        {
            // Meanwhile. It is left alone, as if it had been there before.
            return null;
        }

        changed.Add(target.Parent);
        foreach (FilePath entry in changed.Distinct())
            system.FlushFolder(entry);
        return new PlacedFile(found.File, found.Path, way);
    }

    private bool CanRead(FilePath source)
    {
        try
        {
            system.Open(source, FileOpening.Read).Dispose();
            return true;
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            return false;
        }
    }

    // Not to another file system, and not every one has links; some systems let users link only what is their own.
    private bool TryLink(FilePath source, FilePath target)
    {
        try
        {
            system.Link(source, target);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && !Errno.IsTaken(e.HResult))
        {
            return false;
        }
    }

    private PlacedAs Copy(FilePath source, FilePath target, TorrentFile file, CancellationToken cancellationToken)
    {
        FilePath copy = new(folder, $".{key}.{file.Index}.freshet-copy");
        bool isExecutable = (file.Traits & FileTraits.Executable) != 0;
        try
        {
            system.Delete(copy);
            PlacedAs way = TryClone(source, copy, isExecutable) ? PlacedAs.Clone : PlacedAs.Copy;
            if (way == PlacedAs.Copy)
            {
                foreach (long _ in _copy.Copy(source, copy, isExecutable))
                    cancellationToken.ThrowIfCancellationRequested();
            }

            system.Move(copy, target);
            return way;
        }
        catch
        {
            system.Delete(copy);
            throw;
        }
    }

    private bool TryClone(FilePath source, FilePath copy, bool isExecutable)
    {
        using IFile from = system.Open(source, FileOpening.Read);
        using IFile to = system.Open(copy, FileOpening.Create);
        if (!to.TryClone(from))
            return false;
        if (isExecutable)
            to.MakeExecutable();
        to.Flush();
        return true;
    }
}

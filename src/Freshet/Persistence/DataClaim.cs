using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// The right to write a torrent's files in a folder, held as a locked file beside them while it downloads. State folders do not know of
/// each other, so this is where two sessions with the same folder notice each other. A session that only reads needs no claim.
/// </summary>
internal sealed class DataClaim : IDisposable
{
    private readonly IFileSystem _system;
    private readonly FilePath _path;
    private readonly IFile _file;

    private DataClaim(IFileSystem system, FilePath path, IFile file)
    {
        _system = system;
        _path = path;
        _file = file;
    }

    /// <summary>Takes the claim. Without it nothing may be written, whatever the reason.</summary>
    /// <param name="system">The file system.</param>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <param name="trouble">Why there is none, as far as that may pass: a full disk, missing rights, a file system without locks.</param>
    /// <exception cref="FreshetException">Another session writes there.</exception>
    public static DataClaim? TryTake(IFileSystem system, InfoHash infoHash, string folder, out StorageError? trouble)
    {
        FilePath path = new(folder, $".{infoHash}.freshet-lock");
        trouble = null;
        try
        {
            RootFolder.Create(system, folder);
            return new DataClaim(system, path, system.Open(path, FileOpening.LockForAll));
        }
        catch (IOException e) when (Errno.IsLocked(e.HResult))
        {
            throw new FreshetException(
                FreshetError.Locked,
                $"Another session downloads this torrent into {folder}. Stop it there, or add the torrent with another folder.",
                e);
        }
        catch (IOException e) when (Errno.HasNoLocks(e.HResult))
        {
            trouble = new StorageError(
                StorageErrorKind.Other,
                folder,
                $"The file system of {folder} cannot lock files, so another session might write there as well. "
                + "Mount it with locks, or choose another folder.");
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble = StorageError.From(e, "lock", path.Full);
            return null;
        }
    }

    public void Dispose()
    {
        try
        {
            // Deleted before the lock is released, while nobody else can hold it.
            _system.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UnsafePathException)
        {
            // The file stays, but locks nobody out.
        }

        _file.Dispose();
    }
}

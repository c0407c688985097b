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

    /// <summary>Takes the claim; null if no lock can be created, as in a read-only folder, which will not be written either.</summary>
    /// <exception cref="FreshetException">Another session writes there.</exception>
    public static DataClaim? TryTake(IFileSystem system, InfoHash infoHash, string folder)
    {
        FilePath path = new(folder, $".{infoHash}.freshet-lock");
        try
        {
            RootFolder.Create(system, folder);
            return new DataClaim(system, path, system.Open(path, FileOpening.Lock));
        }
        catch (IOException e) when (Errno.IsLocked(e.HResult))
        {
            throw new FreshetException(
                FreshetError.Locked,
                $"Another session downloads this torrent into {folder}. Stop it there, or add the torrent with another folder.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UnsafePathException)
        {
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

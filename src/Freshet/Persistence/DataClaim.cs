using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// The right to write a torrent's files in a folder, held as a locked file beside them while it downloads. State folders know nothing of
/// each other; this is where two sessions meet that were given the same folder. Who only reads needs none.
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

    /// <summary>Takes the claim; null where no lock can be made, as in a folder that is read-only and will not be written either.</summary>
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
            // Before it is let go: nobody else can have it meanwhile.
            _system.Delete(_path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or UnsafePathException)
        {
            // It stays, and locks nobody out.
        }

        _file.Dispose();
    }
}

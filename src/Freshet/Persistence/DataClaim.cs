using Freshet.Core.Metainfo;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// The right to write a torrent's files in a folder, held as a locked file beside them while it downloads. State folders do not know of
/// each other, so this is where two sessions with the same folder notice each other. A session that only reads needs no claim. Where the
/// file system cannot lock files, no session can keep another out, and waiting would not change that: the claim is granted with a caution.
/// </summary>
internal sealed class DataClaim : IDisposable
{
    private readonly IFileSystem _system;
    private readonly FilePath _path;
    private readonly IFile? _file;

    private DataClaim(IFileSystem system, FilePath path, IFile? file)
    {
        _system = system;
        _path = path;
        _file = file;
    }

    /// <summary>Why the claim keeps nobody out, for the user; null if it does.</summary>
    public string? Caution => _file is not null ? null
        : $"The file system of {_path.Root} cannot lock files, so nothing keeps another session from writing there as well. "
            + "Do not download this torrent into this folder with two sessions at once.";

    /// <summary>Takes the claim. Without it nothing may be written, whatever the reason.</summary>
    /// <param name="system">The file system.</param>
    /// <param name="infoHash">The torrent's info-hash.</param>
    /// <param name="folder">The absolute folder of its files.</param>
    /// <param name="trouble">Why there is none, if that may pass: a full disk, missing rights.</param>
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
            return new DataClaim(system, path, file: null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            trouble = Explain(system, path, StorageError.From(e, "lock", path.Full));
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

        _file?.Dispose();
    }

    // A session that was killed leaves its file behind. If its user's umask lets nobody else open it, other users must learn why they wait.
    private static StorageError Explain(IFileSystem system, FilePath path, StorageError error)
    {
        if (error.Kind != StorageErrorKind.PermissionDenied || OwnerOf(system, path) is not { } owner)
            return error;
        return error with
        {
            Message = $"Cannot lock {path.Full}: it belongs to {owner}, and nobody else may lock it. "
                + "If no session of that user downloads into this folder, delete the file; the torrent then goes on by itself.",
        };
    }

    private static string? OwnerOf(IFileSystem system, FilePath path)
    {
        try
        {
            return system.Stat(path) is not { IsFile: true } file ? null : file.Owner switch
            {
                null => "another user",
                0 => "root",
                uint id => $"the user with the id {id}",
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

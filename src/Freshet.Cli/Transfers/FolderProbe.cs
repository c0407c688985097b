using Freshet.Core.Torrents;

namespace Freshet.Cli.Transfers;

/// <summary>Finds out whether files can be created in a folder before the first peer sends data for them.</summary>
internal static class FolderProbe
{
    // EROFS, the same on Linux and on macOS.
    private const int ReadOnlyFileSystem = 30;

    /// <returns>Why nothing can ever be created there; null if it can, or if the reason may be temporary.</returns>
    public static TransferFailure? FindFailure(string folder)
    {
        string probe = Path.Combine(folder, $".freshet-{Guid.NewGuid():N}");
        try
        {
            using FileStream file = new(
                probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return new TransferFailure(
                $"Nothing can be created in {folder}: permission was denied. Change the folder's permissions, or name another one with -o.",
                TorrentReason.PermissionDenied);
        }
        catch (IOException e) when (e.HResult == ReadOnlyFileSystem)
        {
            return new TransferFailure(
                $"Nothing can be created in {folder}: the file system is mounted read-only. "
                + "Mount it writable, or name another folder with -o.",
                TorrentReason.ReadOnly);
        }
        catch (IOException)
        {
            return null;
        }
    }
}

using System.Text;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// A torrent's lock file, held. It contains the folder that the holder works in, so that others can use another one. The holder of the
/// first lock file keeps the torrent's record; others, who came while it was held, keep none.
/// </summary>
internal sealed class TorrentClaim : IDisposable
{
    // The maximum number of processes using one torrent.
    private const int Places = 8;

    // A longer path is not parsed, and so counts as any folder.
    private const int LongestFolder = 4 * 1024;

    private readonly IFile _file;

    private TorrentClaim(IFile file, bool keepsRecord)
    {
        _file = file;
        KeepsRecord = keepsRecord;
    }

    public bool KeepsRecord { get; }

    /// <summary>Takes the first free lock file.</summary>
    /// <param name="system">The file system of the state folder.</param>
    /// <param name="path">The first lock file; the others are beside it.</param>
    /// <param name="folder">The absolute folder of the torrent's files.</param>
    /// <exception cref="IOException">
    /// Another process uses that folder, or possibly does (see <see cref="Errno.IsLocked"/>); or a file cannot be opened.
    /// </exception>
    public static TorrentClaim Take(IFileSystem system, FilePath path, string folder)
    {
        TorrentClaim? claim = null;
        IOException? held = null;
        for (int place = 1; place <= Places; place++)
        {
            FilePath file = PathOf(path, place);
            try
            {
                // Lock files after one's own may still be held.
                if (claim is null)
                    claim = new TorrentClaim(Open(system, file, folder), keepsRecord: place == 1);
                else if (system.Stat(file).Exists)
                    system.Open(file, FileOpening.Lock).Dispose();
            }
            catch (IOException e) when (Errno.IsLocked(e.HResult) && IsHeldElsewhere(system, file, folder))
            {
                held = e;
            }
            catch
            {
                claim?.Dispose();
                throw;
            }
        }

        return claim ?? throw held!;
    }

    /// <summary>Deletes the lock files, except those held by others. For the holder of the first, before it releases it.</summary>
    public static void Forget(IFileSystem system, FilePath path)
    {
        // Whoever opens it between now and the claim's end finds it locked, and gives up.
        system.Delete(path);
        for (int place = 2; place <= Places; place++)
        {
            FilePath file = PathOf(path, place);
            try
            {
                if (system.Stat(file).Exists)
                {
                    using IFile free = system.Open(file, FileOpening.Lock);
                    system.Delete(file);
                }
            }
            catch (IOException e) when (Errno.IsLocked(e.HResult))
            {
                // Another process is using it.
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static FilePath PathOf(FilePath path, int place) =>
        place == 1 ? path : path with { Name = Path.ChangeExtension(path.Name, $"{place}.lock") };

    private static unsafe IFile Open(IFileSystem system, FilePath path, string folder)
    {
        IFile file = system.Open(path, FileOpening.Lock);
        try
        {
            file.SetLength(0);
            byte[] text = Encoding.UTF8.GetBytes(folder);
            fixed (byte* bytes = text)
                file.Write([new IoBuffer((nint)bytes, text.Length)], 0);
        }
        catch (IOException)
        {
            // The disk is full. The lock is held nevertheless, but others cannot see the folder.
        }

        return file;
    }

    /// <summary>Whether the holder certainly works in a folder other than this one.</summary>
    private static bool IsHeldElsewhere(IFileSystem system, FilePath path, string folder)
    {
        string holder = ReadFolder(system, path);
        return holder.Length > 0 && AreDistinct(system, holder, folder);
    }

    /// <summary>Whether a folder, which must exist, is certainly different from another one, whatever their names.</summary>
    private static bool AreDistinct(IFileSystem system, string folder, string other)
    {
        if (string.Equals(folder, other, StringComparison.OrdinalIgnoreCase))
            return false;
        (ulong, ulong)? one = IdOf(system, folder);
        return one is not null && (!system.Stat(new FilePath(other, "")).Exists || (IdOf(system, other) is { } two && one != two));
    }

    private static (ulong, ulong)? IdOf(IFileSystem system, string folder) => system.Stat(new FilePath(folder, ".")).Id;

    private static unsafe string ReadFolder(IFileSystem system, FilePath path)
    {
        byte[] text = new byte[LongestFolder];
        try
        {
            using IFile file = system.Open(path, FileOpening.Read);
            fixed (byte* bytes = text)
                return Encoding.UTF8.GetString(text.AsSpan(0, file.Read([new IoBuffer((nint)bytes, text.Length)], 0)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

using System.Text;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// A torrent's lock file, held. In it stands the folder that the holder works in, for others to read, who may then work in another.
/// The holder of the first keeps the torrent's record; the others, who came while it was held, keep none.
/// </summary>
internal sealed class TorrentClaim : IDisposable
{
    // So many processes may be at work on one torrent.
    private const int Places = 8;

    // A longer one is not understood, and so may be any.
    private const int LongestFolder = 4 * 1024;

    private readonly IFile _file;

    private TorrentClaim(IFile file, bool keepsRecord)
    {
        _file = file;
        KeepsRecord = keepsRecord;
    }

    public bool KeepsRecord { get; }

    /// <summary>Takes the first place that is free.</summary>
    /// <param name="system">Where the state folder lies.</param>
    /// <param name="path">The first lock file; the others lie beside it.</param>
    /// <param name="folder">The absolute folder of the torrent's files.</param>
    /// <exception cref="IOException">
    /// Somebody is at work in that folder, or perhaps is (see <see cref="Errno.IsLocked"/>); or a file cannot be opened.
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
                // Behind one's own place others may still be held.
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

    /// <summary>Deletes the lock files, but those that others hold. For the holder of the first, before it lets go.</summary>
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
                // It is at work on.
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
            // A full disk. It is held all the same; only, nobody learns where.
        }

        return file;
    }

    /// <summary>Whether the holder is surely at work in another folder than this.</summary>
    private static bool IsHeldElsewhere(IFileSystem system, FilePath path, string folder)
    {
        string holder = ReadFolder(system, path);
        return holder.Length > 0 && AreDistinct(system, holder, folder);
    }

    /// <summary>Whether a folder, which must be there, is surely not another one, by whatever names they go.</summary>
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

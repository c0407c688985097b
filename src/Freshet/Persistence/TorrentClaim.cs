using System.Text;
using Freshet.Disk;
using Microsoft.Win32.SafeHandles;

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

    private readonly FileStream _file;

    private TorrentClaim(FileStream file, bool keepsRecord)
    {
        _file = file;
        KeepsRecord = keepsRecord;
    }

    public bool KeepsRecord { get; }

    // Elsewhere than on Windows locks are advisory, and "none" is the only exclusive one.
    private static FileShare Sharing => OperatingSystem.IsWindows() ? FileShare.Read | FileShare.Delete : FileShare.None;

    /// <summary>Takes the first place that is free.</summary>
    /// <param name="path">The first lock file; the others lie beside it.</param>
    /// <param name="folder">The absolute folder of the torrent's files.</param>
    /// <exception cref="IOException">Somebody is at work in that folder, or perhaps is (see <see cref="Errno.IsLocked"/>); or a file cannot be opened.</exception>
    public static TorrentClaim Take(string path, string folder)
    {
        TorrentClaim? claim = null;
        IOException? held = null;
        for (int place = 1; place <= Places; place++)
        {
            string file = PathOf(path, place);
            try
            {
                // Behind one's own place others may still be held.
                if (claim is null)
                    claim = new TorrentClaim(Open(file, folder), keepsRecord: place == 1);
                else if (File.Exists(file))
                    new FileStream(file, FileMode.Open, FileAccess.ReadWrite, Sharing).Dispose();
            }
            catch (IOException e) when (Errno.IsLocked(e.HResult) && IsHeldElsewhere(file, folder))
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
    public static void Forget(string path)
    {
        // Whoever opens it between now and the claim's end finds it locked, and gives up.
        File.Delete(path);
        for (int place = 2; place <= Places; place++)
        {
            string file = PathOf(path, place);
            try
            {
                if (File.Exists(file))
                {
                    using FileStream free = new(file, FileMode.Open, FileAccess.ReadWrite, Sharing);
                    File.Delete(file);
                }
            }
            catch (IOException e) when (Errno.IsLocked(e.HResult))
            {
                // It is at work on.
            }
        }
    }

    public void Dispose() => _file.Dispose();

    private static string PathOf(string path, int place) => place == 1 ? path : Path.ChangeExtension(path, $"{place}.lock");

    private static FileStream Open(string path, string folder)
    {
        FileStream file = new(path, PrivateFile.OpenOrCreate(Sharing));
        try
        {
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(folder));
        }
        catch (IOException)
        {
            // A full disk. It is held all the same; only, nobody learns where.
        }

        return file;
    }

    /// <summary>Whether the holder is surely at work in another folder than this.</summary>
    private static bool IsHeldElsewhere(string path, string folder)
    {
        string holder = ReadFolder(path);
        return holder.Length > 0 && FileIdentity.AreDistinct(holder, folder);
    }

    private static string ReadFolder(string path)
    {
        byte[] text = new byte[LongestFolder];
        try
        {
            // Elsewhere than on Windows the framework would ask for a lock, to read as well.
            using SafeFileHandle file = OperatingSystem.IsWindows()
                ? File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete)
                : new SafeFileHandle(Native.Open(path, 0), ownsHandle: true);
            return file.IsInvalid ? "" : Encoding.UTF8.GetString(text.AsSpan(0, RandomAccess.Read(file, text, 0)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

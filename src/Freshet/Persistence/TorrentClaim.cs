using System.Text;
using Freshet.Disk;
using Microsoft.Win32.SafeHandles;

namespace Freshet.Persistence;

/// <summary>
/// A torrent's lock file, held: whoever holds it writes the torrent's record. In it stands the folder that the holder works in, for
/// others to read, who may then work in another.
/// </summary>
internal sealed class TorrentClaim : IDisposable
{
    // A longer one is not understood, and so may be any.
    private const int LongestFolder = 4 * 1024;

    private readonly FileStream _file;

    private TorrentClaim(FileStream file) => _file = file;

    // Elsewhere than on Windows locks are advisory, and "none" is the only exclusive one.
    private static FileShare Sharing => OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    /// <exception cref="IOException">Somebody else holds it (see <see cref="Errno.IsLocked"/>), or it cannot be opened.</exception>
    public static TorrentClaim Take(string path, string folder)
    {
        FileStream file = new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, Sharing, bufferSize: 0);
        try
        {
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(folder));
        }
        catch (IOException)
        {
            // A full disk. It is held all the same; only, nobody learns where.
        }

        return new TorrentClaim(file);
    }

    /// <summary>Whether the holder is surely at work in another folder than this.</summary>
    public static bool IsHeldElsewhere(string path, string folder)
    {
        string holder = ReadFolder(path);
        return holder.Length > 0 && FileIdentity.AreDistinct(holder, folder);
    }

    public void Dispose() => _file.Dispose();

    private static string ReadFolder(string path)
    {
        byte[] text = new byte[LongestFolder];
        try
        {
            // Elsewhere than on Windows the framework would ask for a lock, to read as well.
            using SafeFileHandle file = OperatingSystem.IsWindows()
                ? File.OpenHandle(path, share: FileShare.ReadWrite)
                : new SafeFileHandle(Native.Open(path, 0), ownsHandle: true);
            return file.IsInvalid ? "" : Encoding.UTF8.GetString(text.AsSpan(0, RandomAccess.Read(file, text, 0)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

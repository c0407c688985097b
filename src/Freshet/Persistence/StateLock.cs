using System.Globalization;
using System.Text;
using Freshet.FileSystem;

namespace Freshet.Persistence;

/// <summary>
/// A state folder's lock file, held. One session may use the folder exclusively, or several may share it, but not both at once: an
/// exclusive session knows that nothing in it changes, and needs no lock for each torrent.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const string FileName = "lock";

    private readonly IFile _file;

    private StateLock(IFile file) => _file = file;

    /// <exception cref="FreshetException">Another session uses the folder, or it cannot be written.</exception>
    public static StateLock Take(IFileSystem system, string folder, bool isShared)
    {
        FilePath path = new(folder, FileName);
        return StateTrouble.Guard(
            () =>
            {
                IFile file = system.Open(path, isShared ? FileOpening.LockShared : FileOpening.Lock);
                if (!isShared)
                    NoteHolder(file);
                return new StateLock(file);
            },
            "open",
            path.Full,
            locked: $"Another session uses the state folder {folder}. Only one can at a time if it restores its torrents: "
                + "stop the other, or name another folder.");
    }

    public void Dispose() => _file.Dispose();

    // For people who look into it; no program reads it.
    private static unsafe void NoteHolder(IFile file)
    {
        try
        {
            file.SetLength(0);
            byte[] text = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n"));
            fixed (byte* bytes = text)
                file.Write([new IoBuffer((nint)bytes, text.Length)], 0);
        }
        catch (IOException)
        {
            // The disk is full. The lock is held nevertheless.
        }
    }
}

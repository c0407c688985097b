using System.Globalization;
using System.Text;
using Freshet.Disk;

namespace Freshet.Persistence;

/// <summary>
/// A state folder's lock file, held. One session may have the folder for itself, or several may share it, but not both at once: who has it
/// for itself knows that nothing in it changes, and needs no lock for each torrent.
/// </summary>
internal sealed class StateLock : IDisposable
{
    private const string FileName = "lock";

    private readonly FileStream _file;

    private StateLock(FileStream file) => _file = file;

    /// <exception cref="FreshetException">Another session has the folder, or it cannot be written.</exception>
    public static StateLock Take(string folder, bool isShared)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            FileStream file = new(path, PrivateFile.OpenOrCreate(isShared ? FileShare.ReadWrite : Exclusive));
            if (!isShared)
                NoteHolder(file);
            return new StateLock(file);
        }
        catch (IOException e) when (Errno.IsLocked(e.HResult))
        {
            throw new FreshetException(
                FreshetError.Locked,
                $"Another session uses the state folder {folder}. Only one can at a time if it restores its torrents: stop the other, or name another folder.",
                e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(
                FreshetError.Storage,
                $"The state folder cannot be written: {StorageError.From(e, "open", path).Message} Another state folder will do as well.",
                e);
        }
    }

    public void Dispose() => _file.Dispose();

    // Elsewhere than on Windows locks are advisory, and "none" is the only exclusive one.
    private static FileShare Exclusive => OperatingSystem.IsWindows() ? FileShare.Read : FileShare.None;

    // For people who look into it; nothing reads it.
    private static void NoteHolder(FileStream file)
    {
        try
        {
            file.SetLength(0);
            file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}\n")));
        }
        catch (IOException)
        {
            // A full disk. It is held all the same.
        }
    }
}

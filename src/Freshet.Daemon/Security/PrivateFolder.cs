using Freshet.Api;

namespace Freshet.Daemon.Security;

/// <summary>The daemon's own files in the state folder, which only its user may read. Files are replaced atomically.</summary>
internal sealed class PrivateFolder
{
    private const UnixFileMode ForOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Action<string> _flush;

    /// <exception cref="FreshetException">The folder cannot be created.</exception>
    public PrivateFolder(string stateFolder)
        : this(stateFolder, FolderFlush.Flush)
    {
    }

    /// <summary>The same with another way to flush a folder, for tests.</summary>
    internal PrivateFolder(string stateFolder, Action<string> flush)
    {
        _flush = flush;
        Path = System.IO.Path.Combine(stateFolder, LocalDaemon.Folder);
        try
        {
            // The mode applies to the last folder only; the state folder may be new, too.
            foreach (string folder in (string[])[stateFolder, Path])
            {
                if (Directory.Exists(folder))
                    continue;
                if (OperatingSystem.IsWindows())
                    Directory.CreateDirectory(folder);
                else
                    Directory.CreateDirectory(folder, ForOwner | UnixFileMode.UserExecute);
                if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(folder)) is { } parent)
                    flush(parent);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The folder {Path} cannot be made: {e.Message.TrimEnd('.')}.", e);
        }
    }

    public string Path { get; }

    /// <summary>The bytes of a file, or null if there is none.</summary>
    public byte[]? Read(string name)
    {
        try
        {
            return File.ReadAllBytes(System.IO.Path.Combine(Path, name));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{name} in {Path} cannot be read: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Replaces a file; it is on disk under its name when this returns.</summary>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        string temporary = path + ".new";
        try
        {
            File.Delete(temporary);
            FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = ForOwner;
            using (FileStream file = new(temporary, options))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
            _flush(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{path} cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    /// <summary>Locks a file until the result is disposed, or the process ends in whatever way.</summary>
    public async Task<IDisposable> LockAsync(string name, CancellationToken cancellationToken)
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ForOwner;
        string path = System.IO.Path.Combine(Path, name);
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, options);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The session uses the state folder exclusively, so whoever holds this file only checks whether it is locked.
                if (attempt == Bounds.MaxLockAttempts)
                    throw new FreshetException(FreshetError.Storage, $"{path} cannot be locked: {e.Message.TrimEnd('.')}.", e);
            }

            await Task.Delay(Bounds.LockInterval, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes a file, if there is one.</summary>
    /// <exception cref="FreshetException">It cannot be deleted.</exception>
    public void Delete(string name)
    {
        string path = System.IO.Path.Combine(Path, name);
        try
        {
            File.Delete(path);
        }
        catch (DirectoryNotFoundException)
        {
            // Nor is there a file, then.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{path} cannot be deleted: {e.Message.TrimEnd('.')}.", e);
        }
    }
}

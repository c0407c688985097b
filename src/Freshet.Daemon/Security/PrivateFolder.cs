using Freshet.Api;
using Freshet.FileSystem;

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
        stateFolder = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(stateFolder));
        Path = System.IO.Path.Combine(stateFolder, LocalDaemon.Folder);
        try
        {
            // Folders above the state folder are not ours alone.
            foreach (string folder in Missing(Path))
            {
                if (OperatingSystem.IsWindows() || !RealPath.Contains(stateFolder, folder))
                    Directory.CreateDirectory(folder);
                else
                    Directory.CreateDirectory(folder, ForOwner | UnixFileMode.UserExecute);
                FlushParent(folder);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"The folder {Path} cannot be created: {e.Message.TrimEnd('.')}.", e);
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

    /// <summary>
    /// Replaces a file, durably. If this fails, the file is as it was before, though a power cut may undo even that; or it is gone, if it
    /// could not be read.
    /// </summary>
    public void Write(string name, ReadOnlySpan<byte> bytes)
    {
        string path = System.IO.Path.Combine(Path, name);
        byte[]? before = ReadIfPossible(name);
        try
        {
            Replace(path, bytes);
            try
            {
                _flush(Path);
            }
            catch
            {
                PutBack(path, before);
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{path} cannot be written: {e.Message.TrimEnd('.')}.", e);
        }
    }

    // What cannot be read can still be replaced.
    private byte[]? ReadIfPossible(string name)
    {
        try
        {
            return Read(name);
        }
        catch (FreshetException)
        {
            return null;
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
            // Then there is no file either.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FreshetException(FreshetError.Storage, $"{path} cannot be deleted: {e.Message.TrimEnd('.')}.", e);
        }
    }

    private static void Replace(string path, ReadOnlySpan<byte> bytes)
    {
        string temporary = path + ".new";
        File.Delete(temporary);
        FileStreamOptions options = new() { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = ForOwner;
        using (FileStream file = new(temporary, options))
        {
            file.Write(bytes);
            DiskFlush.Flush(file.SafeFileHandle, temporary);
        }

        File.Move(temporary, path, overwrite: true);
    }

    // A change that was reported as failed must not be in effect after the next start.
    private static void PutBack(string path, byte[]? before)
    {
        try
        {
            if (before is null)
                File.Delete(path);
            else
                Replace(path, before);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The disk fails altogether; the caller learns of it from the first failure.
        }
    }

    // The folder and those above it that do not exist, the topmost first.
    private static Stack<string> Missing(string folder)
    {
        Stack<string> missing = [];
        string? at = System.IO.Path.GetFullPath(folder);
        while (at is not null && !Directory.Exists(at))
        {
            missing.Push(at);
            at = System.IO.Path.GetDirectoryName(at);
        }

        return missing;
    }

    // A new folder is durable once the folder above it is flushed. That one may belong to others, and cannot be flushed if we may not read
    // it.
    private void FlushParent(string folder)
    {
        try
        {
            if (System.IO.Path.GetDirectoryName(folder) is { } parent)
                _flush(parent);
        }
        catch (UnauthorizedAccessException)
        {
        }
    }
}

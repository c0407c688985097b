using Freshet.Daemon.Http;

namespace Freshet.Daemon.Running;

/// <summary>
/// The free space of a file system. It is queried in the background, at most once every few seconds, since a dead disk may not respond:
/// until it does, the last result is used.
/// </summary>
internal sealed class DiskSpace(FolderPaths paths, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private string? _folder;
    private long _asked;
    private Task _asking = Task.CompletedTask;
    private (long Free, long Total)? _last;

    /// <summary>The last result for a folder; null if there is none yet.</summary>
    public (long Free, long Total)? Of(string folder)
    {
        lock (_lock)
        {
            if (folder != _folder)
                (_folder, _last, _asked, _asking) = (folder, null, 0, Task.CompletedTask);
            if (_asking.IsCompleted && (_asked == 0 || time.GetElapsedTime(_asked) > Freshness))
            {
                _asked = time.GetTimestamp();
                _asking = Task.Run(() => AskAsync(folder));
            }

            return _last;
        }
    }

    /// <summary>Queries the disk now; null if that fails. May block for as long as the disk does.</summary>
    public static (long Free, long Total)? Ask(string folder)
    {
        try
        {
            // A folder that does not exist yet will be on the same disk as its parent.
            string existing = folder;
            while (!Directory.Exists(existing) && Path.GetDirectoryName(existing) is { } parent)
                existing = parent;
            DriveInfo drive = new(existing);
            return (drive.AvailableFreeSpace, drive.TotalSize);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private async Task AskAsync(string folder)
    {
        try
        {
            Keep(folder, await paths.LookAsync(folder, Ask, CancellationToken.None).ConfigureAwait(false));
        }
        catch (Exception e) when (e is ApiException or IOException)
        {
            // The disk does not respond.
        }
    }

    private void Keep(string folder, (long Free, long Total)? answer)
    {
        lock (_lock)
        {
            if (folder == _folder)
                _last = answer;
        }
    }
}

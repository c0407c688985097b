namespace Freshet.Disk;

/// <summary>Finds the mounted file system of a folder, from the list of mounts alone: accessing the folder could hang.</summary>
internal sealed class MountPoints
{
    // The list is read once for all torrents that start together, and anew for one that starts after a disk was mounted.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private string[] _mounts = [];
    private long _readAt = long.MinValue;

    /// <summary>The mount point of a folder; empty if it is not known.</summary>
    /// <param name="folder">An absolute path. Symbolic links in it are not followed.</param>
    public string Of(string folder)
    {
        string best = "";
        foreach (string mount in Mounts())
        {
            if (mount.Length > best.Length && IsBelow(folder, mount))
                best = mount;
        }

        return best;
    }

    private static bool IsBelow(string folder, string mount) =>
        folder.StartsWith(mount, StringComparison.Ordinal)
        && (folder.Length == mount.Length || Path.EndsInDirectorySeparator(mount) || folder[mount.Length] == Path.DirectorySeparatorChar);

    private string[] Mounts()
    {
        lock (_lock)
        {
            long now = Environment.TickCount64;
            if (_mounts.Length == 0 || now - _readAt > (long)Lifetime.TotalMilliseconds)
            {
                _readAt = now;
                _mounts = Read();
            }

            return _mounts;
        }
    }

    private static string[] Read()
    {
        try
        {
            return [.. DriveInfo.GetDrives().Select(drive => drive.Name)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}

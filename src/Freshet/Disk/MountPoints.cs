using System.Globalization;

namespace Freshet.Disk;

/// <summary>Finds the mounted file system of a folder, from the list of mounts alone: accessing the folder could hang.</summary>
/// <param name="read">Reads the list, in the order of mounting; null if it cannot be read at the moment.</param>
internal sealed class MountPoints(Func<IReadOnlyList<Mount>?> read)
{
    // The list is read once for all torrents that start together, and anew for one that starts after a disk was mounted.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private IReadOnlyList<Mount> _mounts = [];
    private long _readAt = long.MinValue;

    public MountPoints()
        : this(Read)
    {
    }

    /// <summary>The mount of a folder; its path is empty if it is not known.</summary>
    /// <param name="folder">An absolute path. Symbolic links in it are not followed.</param>
    public Mount Of(string folder)
    {
        // Of several at one path, the last covers the others.
        Mount best = new("", 0);
        foreach (Mount mount in Mounts())
        {
            if (mount.Path.Length >= best.Path.Length && IsBelow(folder, mount.Path))
                best = mount;
        }

        return best;
    }

    /// <summary>Reads the kernel's list of mounts (proc(5), "mountinfo"). Lines that are not understood are skipped.</summary>
    internal static IReadOnlyList<Mount> Parse(IEnumerable<string> lines)
    {
        List<Mount> mounts = [];
        foreach (string line in lines)
        {
            if (line.Split(' ', 6) is [var id, _, _, _, var path, _]
                && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                mounts.Add(new Mount(Unescape(path), number));
        }

        return mounts;
    }

    private static bool IsBelow(string folder, string mount) =>
        folder.StartsWith(mount, StringComparison.Ordinal)
        && (folder.Length == mount.Length || Path.EndsInDirectorySeparator(mount) || folder[mount.Length] == Path.DirectorySeparatorChar);

    private IReadOnlyList<Mount> Mounts()
    {
        lock (_lock)
        {
            long now = Environment.TickCount64;
            if (_mounts.Count == 0 || now - _readAt > (long)Lifetime.TotalMilliseconds)
            {
                // Without a list, every torrent would seem to have come to another disk.
                _readAt = now;
                _mounts = read() ?? _mounts;
            }

            return _mounts;
        }
    }

    private static IReadOnlyList<Mount>? Read()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? Parse(File.ReadLines("/proc/self/mountinfo"))
                : [.. DriveInfo.GetDrives().Select(drive => new Mount(drive.Name, 0))];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // A space, a tab, a line break or a backslash is a backslash with three octal digits.
    private static string Unescape(string path) => !path.Contains('\\', StringComparison.Ordinal)
        ? path
        : path.Replace(@"\040", " ", StringComparison.Ordinal)
            .Replace(@"\011", "\t", StringComparison.Ordinal)
            .Replace(@"\012", "\n", StringComparison.Ordinal)
            .Replace(@"\134", @"\", StringComparison.Ordinal);
}

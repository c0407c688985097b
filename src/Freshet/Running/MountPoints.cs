namespace Freshet.Running;

/// <summary>
/// Where file systems are mounted, as the system lists them: to tell folders of one disk from those of another without touching either, since
/// one may hang.
/// </summary>
internal sealed class MountPoints
{
    private readonly string[] _paths;

    /// <param name="paths">Absolute folders.</param>
    public MountPoints(IEnumerable<string> paths) =>
        _paths = [.. paths.Select(Path.TrimEndingDirectorySeparator).OrderByDescending(path => path.Length)];

    public static MountPoints Read()
    {
        try
        {
            return new MountPoints(DriveInfo.GetDrives().Select(drive => drive.Name));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MountPoints([]);
        }
    }

    /// <summary>The mount point that a folder lies under, as far as its name tells; empty if none is known.</summary>
    public string Of(string folder) => Array.Find(_paths, path => IsUnder(folder, path)) ?? "";

    private static bool IsUnder(string folder, string path) =>
        folder.StartsWith(path, StringComparison.Ordinal)
        && (folder.Length == path.Length || Path.EndsInDirectorySeparator(path) || folder[path.Length] == Path.DirectorySeparatorChar);
}

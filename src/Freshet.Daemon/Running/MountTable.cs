using System.Collections.Immutable;
using System.Text;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Running;

/// <summary>
/// Where file systems are mounted, so that it is known which disk a path is on before that disk is asked anything. Elsewhere than on Linux
/// there is one, the root.
/// </summary>
internal sealed class MountTable(ImmutableArray<string> points)
{
    private const string Source = "/proc/self/mountinfo";
    private const int PointField = 4;

    /// <summary>The file systems that are mounted now. Asks the kernel and no disk.</summary>
    public static MountTable Read()
    {
        try
        {
            return OperatingSystem.IsLinux() ? Parse(File.ReadLines(Source)) : new MountTable([]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new MountTable([]);
        }
    }

    /// <summary>Reads the kernel's list (proc_pid_mountinfo(5)).</summary>
    public static MountTable Parse(IEnumerable<string> lines) => new(
    [
        .. lines.Select(line => line.Split(' '))
            .Where(fields => fields.Length > PointField)
            .Select(fields => Unescaped(fields[PointField])),
    ]);

    /// <summary>The mount point of the file system that an absolute path is on, if no link is followed.</summary>
    public string Of(string path)
    {
        string found = Path.GetPathRoot(path)!;
        foreach (string point in points)
        {
            if (point.Length > found.Length && RealPath.Contains(point, path))
                found = point;
        }

        return found;
    }

    // Spaces and the like are a backslash and three octal digits.
    private static string Unescaped(string field)
    {
        StringBuilder text = new();
        for (int i = 0; i < field.Length; i++)
        {
            bool isEscape = field[i] == '\\' && i + 3 < field.Length && field.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0;
            text.Append(isEscape ? (char)(((field[i + 1] - '0') * 64) + ((field[i + 2] - '0') * 8) + field[i + 3] - '0') : field[i]);
            if (isEscape)
                i += 3;
        }

        return text.ToString();
    }
}

using System.Net;

namespace Freshet.Network;

/// <summary>
/// The names that this machine knows by itself, of which nobody is asked. The file is read again when it has changed: where it keeps
/// advertisers away, it has a hundred thousand lines. From any thread.
/// </summary>
internal sealed class HostsFile(string path)
{
    private const string Localhost = "localhost";
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly Lock _lock = new();
    private Dictionary<string, IPAddress[]> _addresses = new(StringComparer.OrdinalIgnoreCase);
    private (DateTime Changed, long Length) _read;

    /// <summary>The system's.</summary>
    public static HostsFile OfSystem { get; } = new(OperatingSystem.IsWindows()
        ? Path.Combine(Environment.SystemDirectory, "drivers", "etc", "hosts")
        : "/etc/hosts");

    /// <summary>How often the file was read.</summary>
    public int Reads { get; private set; }

    /// <summary>The addresses of a host; none if it is not there.</summary>
    public IPAddress[] Find(string host)
    {
        IPAddress[] found = Current().GetValueOrDefault(host) ?? [];

        // RFC 6761, 6.3: these are this machine whatever a file or a server says.
        bool isThisMachine = host.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase);
        return found.Length == 0 && isThisMachine ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : found;
    }

    /// <summary>Reads the lines of such a file: an address, then names; from '#' on a line is a comment.</summary>
    public static Dictionary<string, IPAddress[]> Parse(IEnumerable<string> lines)
    {
        Dictionary<string, IPAddress[]> addresses = new(StringComparer.OrdinalIgnoreCase);
        foreach (string line in lines)
        {
            string[] words = line.Split('#')[0].Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
                continue;
            foreach (string name in words.AsSpan(1))
            {
                IPAddress[] known = addresses.GetValueOrDefault(name) ?? [];
                if (!known.Contains(address))
                    addresses[name] = [.. known, address];
            }
        }

        return addresses;
    }

    private Dictionary<string, IPAddress[]> Current()
    {
        lock (_lock)
        {
            try
            {
                FileInfo file = new(path);
                (DateTime, long) now = file.Exists ? (file.LastWriteTimeUtc, file.Length) : default;
                if (now != _read)
                {
                    _addresses = file.Exists ? Parse(File.ReadLines(path)) : new(StringComparer.OrdinalIgnoreCase);
                    Reads++;
                    _read = now;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _addresses = new(StringComparer.OrdinalIgnoreCase);
                _read = default;
            }

            return _addresses;
        }
    }
}

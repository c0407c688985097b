using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>
/// The names that this machine knows by itself, of which nobody is asked. The file is read again when it has changed. Where it keeps
/// advertisers away, it has a hundred thousand lines: such a file is not kept in memory, but searched for each name. From any thread.
/// </summary>
internal sealed class HostsFile(string path)
{
    private const string Localhost = "localhost";
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly Lock _lock = new();
    private Dictionary<string, IPAddress[]> _kept = new(StringComparer.OrdinalIgnoreCase);
    private (DateTime Changed, long Length) _read;

    /// <summary>The system's.</summary>
    public static HostsFile OfSystem { get; } = new(OperatingSystem.IsWindows()
        ? Path.Combine(Environment.SystemDirectory, "drivers", "etc", "hosts")
        : "/etc/hosts");

    /// <summary>How often all of the file was read.</summary>
    public int Reads { get; private set; }

    /// <summary>How many names are kept in memory.</summary>
    public int Kept
    {
        get
        {
            lock (_lock)
                return _kept.Count;
        }
    }

    /// <summary>The addresses of a host; none if it is not there.</summary>
    /// <exception cref="SocketException">The file could be read before, but not now, and its names are not kept.</exception>
    public IPAddress[] Find(string host)
    {
        IPAddress[] found = FindInFile(host);

        // RFC 6761, 6.3: these are this machine whatever a file or a server says.
        bool isThisMachine = host.Equals(Localhost, StringComparison.OrdinalIgnoreCase)
            || host.EndsWith("." + Localhost, StringComparison.OrdinalIgnoreCase);
        return found.Length == 0 && isThisMachine ? [IPAddress.Loopback, IPAddress.IPv6Loopback] : found;
    }

    /// <summary>Reads the lines of such a file: an address, then names; from '#' on a line is a comment.</summary>
    public static Dictionary<string, IPAddress[]> Parse(IEnumerable<string> lines)
    {
        Dictionary<string, IPAddress[]> addresses = new(StringComparer.OrdinalIgnoreCase);

        // Most names have one address, and many the same.
        Dictionary<IPAddress, IPAddress[]> alone = [];
        foreach (string line in lines)
        {
            string[] words = line.Split('#')[0].Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 2 || !IPAddress.TryParse(words[0], out IPAddress? address))
                continue;
            if (!alone.TryGetValue(address, out IPAddress[]? only))
                alone.Add(address, only = [address]);
            foreach (string name in words.AsSpan(1))
            {
                if (!addresses.TryGetValue(name, out IPAddress[]? known))
                    addresses.Add(name, only);
                else if (!known.Contains(address))
                    addresses[name] = [.. known, address];
            }
        }

        return addresses;
    }

    private static IEnumerable<string> LinesOf(FileStream file)
    {
        using StreamReader reader = new(file, leaveOpen: true);
        while (reader.ReadLine() is { } line)
            yield return line;
    }

    private IPAddress[] FindInFile(string host)
    {
        lock (_lock)
        {
            try
            {
                using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                (DateTime, long Length) now = (File.GetLastWriteTimeUtc(file.SafeFileHandle), file.Length);
                if (now.Length > NetworkLimits.MaxKeptHostsFile)
                    return Search(file, host, now);
                if (now != _read)
                {
                    _kept = Parse(LinesOf(file));
                    Reads++;
                    _read = now;
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                _kept = new(StringComparer.OrdinalIgnoreCase);
                _read = default;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // It may be about to be replaced. What is there in vain must not be asked of others, so what was known counts.
                if (_read.Length > NetworkLimits.MaxKeptHostsFile)
                    throw new SocketException((int)SocketError.TryAgain, $"{path} cannot be read");
            }

            return _kept.GetValueOrDefault(host) ?? [];
        }
    }

    private IPAddress[] Search(FileStream file, string host, (DateTime, long) now)
    {
        Dictionary<string, IPAddress[]> found = Parse(LinesOf(file).Where(line => line.Contains(host, StringComparison.OrdinalIgnoreCase)));
        _kept = new(StringComparer.OrdinalIgnoreCase);
        _read = now;
        Reads++;
        return found.GetValueOrDefault(host) ?? [];
    }
}

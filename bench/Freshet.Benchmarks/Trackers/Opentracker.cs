using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;

namespace Freshet.Benchmarks.Trackers;

/// <summary>
/// opentracker as Debian builds it: it serves the torrents on its list, which is in the folder that it makes its root.
/// </summary>
internal static class Opentracker
{
    public static Process Start(IPEndPoint endPoint, int torrents)
    {
        string folder = Directory.CreateTempSubdirectory("freshet-opentracker-").FullName;
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        File.WriteAllLines(Path.Combine(folder, "whitelist"), Enumerable.Range(0, torrents).Select(InfoHashOf));
        string[] arguments =
            ["-i", $"{endPoint.Address}", "-p", $"{endPoint.Port}", "-P", $"{endPoint.Port}", "-d", folder, "-w", "whitelist"];
        return Process.Start(new ProcessStartInfo("opentracker", arguments) { WorkingDirectory = folder })!;
    }

    private static string InfoHashOf(int torrent)
    {
        byte[] hash = new byte[20];
        BinaryPrimitives.WriteInt64BigEndian(hash, torrent * 0x5DEECE66DL);
        BinaryPrimitives.WriteInt64BigEndian(hash.AsSpan(8), torrent);
        return Convert.ToHexStringLower(hash);
    }
}

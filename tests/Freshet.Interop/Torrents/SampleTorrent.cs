using System.Security.Cryptography;

namespace Freshet.Interop.Torrents;

/// <summary>A .torrent file and the data that it describes, both on disk.</summary>
public sealed record SampleTorrent
{
    /// <summary>The .torrent file.</summary>
    public required string TorrentPath { get; init; }

    /// <summary>40 lower-case hexadecimal digits.</summary>
    public required string InfoHash { get; init; }

    public required string Name { get; init; }

    /// <summary>The folder with the data, which is a file or folder called <see cref="Name"/>.</summary>
    public required string DataFolder { get; init; }

    public required IReadOnlyList<SampleFile> Files { get; init; }

    public long Length => Files.Sum(file => file.Length);

    /// <summary>The file or folder from which the torrent was created.</summary>
    public string DataPath => Path.Combine(DataFolder, Name);

    /// <summary>The SHA-1 of the raw info dictionary of a .torrent file, as 40 hexadecimal digits.</summary>
    public static string ReadInfoHash(string torrentPath) =>
        Convert.ToHexStringLower(SHA1.HashData(Bencode.ReadRaw(File.ReadAllBytes(torrentPath), "info")));

    /// <summary>The same torrent with this tracker, in another .torrent file.</summary>
    public SampleTorrent WithTracker(string url)
    {
        string path = Path.Combine(Path.GetDirectoryName(TorrentPath)!, $"{Guid.NewGuid():N}.torrent");
        var metainfo = (SortedDictionary<string, object>)Bencode.Read(File.ReadAllBytes(TorrentPath));
        metainfo["announce"] = url;
        File.WriteAllBytes(path, Bencode.Write(metainfo));
        return this with { TorrentPath = path };
    }

    /// <summary>
    /// The differences between the files in a folder and the originals, one per line; empty if there are none. Pad files are ignored, and
    /// so are missing files of length zero, unless the client is known to create them.
    /// </summary>
    public IReadOnlyList<string> Differences(string folder, bool withEmptyFiles = true)
    {
        List<string> differences = [];
        foreach (SampleFile file in Files)
        {
            if (file.IsPad || (file.Length == 0 && !withEmptyFiles))
                continue;
            string relative = Path.Combine([Name, .. file.Path]);
            string copy = Path.Combine(folder, relative);
            if (!File.Exists(copy))
                differences.Add($"{relative}: missing");
            else if (new FileInfo(copy).Length != file.Length)
                differences.Add($"{relative}: {new FileInfo(copy).Length} bytes instead of {file.Length}");
            else if (!HashOf(copy).AsSpan().SequenceEqual(HashOf(Path.Combine(DataFolder, relative))))
                differences.Add($"{relative}: other bytes");
        }

        return differences;
    }

    private static byte[] HashOf(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return SHA256.HashData(stream);
    }
}

using Freshet.Core.Metainfo;

namespace Freshet.Tests.Sessions;

/// <summary>A torrent of random bytes, with its files on disk.</summary>
internal sealed class SampleData
{
    public required byte[] Torrent { get; init; }

    public required TorrentMetainfo Metainfo { get; init; }

    /// <summary>The content of each stored file, by its path below the download folder.</summary>
    public required IReadOnlyDictionary<string, byte[]> Files { get; init; }

    /// <summary>A torrent of files of these lengths, in folders of their own.</summary>
    public static SampleData Make(int pieceLength, string? tracker, params int[] lengths) =>
        MakeNamed("sample", pieceLength, tracker, lengths);

    /// <summary>The same data under another name: two torrents that run in one folder must not have the same files.</summary>
    public static SampleData MakeNamed(string name, int pieceLength, string? tracker, params int[] lengths)
    {
        Random random = new(lengths.Sum() + pieceLength);
        Dictionary<string, byte[]> files = [];
        List<byte> all = [];
        for (int i = 0; i < lengths.Length; i++)
        {
            byte[] content = new byte[lengths[i]];
            random.NextBytes(content);
            files.Add($"{name}/{i % 3}/file {i}", content);
            all.AddRange(content);
        }

        byte[] torrent = TestTorrents.Of(
            name,
            pieceLength,
            [.. all],
            files.Select(file => TestTorrents.FileOf(file.Key[(name.Length + 1)..], file.Value.Length)),
            builder => builder with { Trackers = tracker is null ? [] : [[tracker]] });
        return new SampleData { Torrent = torrent, Metainfo = TestTorrents.Read(torrent), Files = files };
    }

    public void WriteTo(string folder)
    {
        foreach ((string path, byte[] content) in Files)
        {
            string full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(full, content);
        }
    }

    public void AssertIn(string folder)
    {
        foreach ((string path, byte[] content) in Files)
            Assert.True(content.AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(folder, path))), path);
    }
}

namespace Freshet.Daemon.Tests;

/// <summary>A small torrent of two files in a folder, with its data.</summary>
internal sealed class SampleTorrent
{
    private const int PieceLength = 16 * 1024;

    public SampleTorrent(
        string name = "sample", int seed = 1, string tracker = "http://127.0.0.1:1/announce", string first = "first.bin",
        int length = 40_000)
    {
        First = new byte[length];
        Second = new byte[10_000];
        Random random = new(seed);
        random.NextBytes(First);
        random.NextBytes(Second);
        FirstPath = $"{name}/{first}";
        Bytes = TestTorrents.Of(
            name,
            PieceLength,
            [.. First, .. Second],
            [TestTorrents.FileOf(first, First.Length), TestTorrents.FileOf("second.txt", Second.Length)],
            builder => builder with { Trackers = tracker.Length == 0 ? [] : [[tracker]] });
        Name = name;
    }

    public string Name { get; }

    public string FirstPath { get; }

    public byte[] Bytes { get; }

    public byte[] First { get; }

    public byte[] Second { get; }

    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, Name));
        File.WriteAllBytes(Path.Combine(folder, FirstPath), First);
        File.WriteAllBytes(Path.Combine(folder, Name, "second.txt"), Second);
    }
}

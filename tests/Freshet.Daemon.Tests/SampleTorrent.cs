using System.Security.Cryptography;
using Freshet.Core.Metainfo;

namespace Freshet.Daemon.Tests;

/// <summary>A small torrent of two files in a folder, with its data.</summary>
internal sealed class SampleTorrent
{
    private const int PieceLength = 16 * 1024;

    public SampleTorrent(string name = "sample", int seed = 1, string tracker = "http://127.0.0.1:1/announce", string first = "first.bin")
    {
        First = new byte[40_000];
        Second = new byte[10_000];
        Random random = new(seed);
        random.NextBytes(First);
        random.NextBytes(Second);
        FirstPath = $"{name}/{first}";
        byte[] all = [.. First, .. Second];
        Bytes = new MetainfoBuilder
        {
            Name = name,
            Files =
                [new MetainfoFile { Path = [first], Length = First.Length },
                new MetainfoFile { Path = ["second.txt"], Length = Second.Length }],
            PieceLength = PieceLength,
            PieceHashes = (byte[])[.. all.Chunk(PieceLength).SelectMany(SHA1.HashData)],
            Trackers = tracker.Length == 0 ? [] : [[tracker]],
        }.Build();
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

using Freshet.Core.Metainfo;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.WebSeeds;

/// <summary>Torrents of special shapes.</summary>
internal static class WebSeedSamples
{
    public const int PieceLength = 64 * 1024;

    /// <summary>A torrent of one file without a folder.</summary>
    public static SampleData Of(string name, MetainfoFile file, byte[] content) =>
        Of(name, [file], content, new Dictionary<string, byte[]> { [name] = content });

    /// <summary>Two files, the second of which begins on a piece boundary.</summary>
    public static SampleData Padded()
    {
        byte[] first = new byte[PieceLength + 100];
        byte[] second = new byte[200_000];
        new Random(3).NextBytes(first);
        new Random(4).NextBytes(second);
        byte[] gap = new byte[PieceLength - 100];
        return Of(
            "padded",
            [
                new MetainfoFile { Path = ["a"], Length = first.Length },
                new MetainfoFile { Path = [".pad", "gap"], Length = gap.Length, Traits = FileTraits.Padding },
                new MetainfoFile { Path = ["b"], Length = second.Length },
            ],
            [.. first, .. gap, .. second],
            new Dictionary<string, byte[]> { ["padded/a"] = first, ["padded/b"] = second });
    }

    private static SampleData Of(string name, MetainfoFile[] files, byte[] all, Dictionary<string, byte[]> stored)
    {
        byte[] torrent = TestTorrents.Of(name, PieceLength, all, files);
        return new SampleData { Torrent = torrent, Metainfo = TestTorrents.Read(torrent), Files = stored };
    }
}

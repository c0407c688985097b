using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests;

/// <summary>Torrents of a few files whose bytes a test knows.</summary>
internal static class SampleTorrent
{
    public const int PieceLength = 16 * 1024;

    /// <summary>
    /// Files of these lengths below <c>sample/</c>, nested; a length of 0 makes an empty file. The bytes come from a fixed seed.
    /// </summary>
    public static (byte[] Torrent, Dictionary<string, byte[]> Files) Create(
        (string Path, int Length)[] files, Func<MetainfoBuilder, MetainfoBuilder>? change = null)
    {
        Random random = new(4711);
        Dictionary<string, byte[]> contents = [];
        foreach ((string path, int length) in files)
        {
            byte[] bytes = new byte[length];
            random.NextBytes(bytes);
            contents.Add("sample/" + path, bytes);
        }

        byte[] all = [.. contents.Values.SelectMany(bytes => bytes)];
        IEnumerable<MetainfoFile> described = files.Select(file => TestTorrents.FileOf(file.Path, file.Length));
        return (TestTorrents.Of("sample", PieceLength, all, described, change), contents);
    }

    public static ImmutableArray<ImmutableArray<string>> Tiers(params string[][] tiers) =>
        [.. tiers.Select(tier => tier.ToImmutableArray())];

    public static void WriteFiles(TemporaryFolder folder, Dictionary<string, byte[]> files)
    {
        foreach ((string path, byte[] bytes) in files)
            folder.Write(path, bytes);
    }
}

using System.Security.Cryptography;
using Freshet.Core.Metainfo;

namespace Freshet.Testing;

/// <summary>Makes .torrent files from bytes that a test knows. Tests of the format itself have vectors of their own.</summary>
public static class TestTorrents
{
    /// <summary>Makes a torrent of files that hold this content, one after the other.</summary>
    public static byte[] Of(
        string name,
        int pieceLength,
        byte[] content,
        IEnumerable<MetainfoFile> files,
        Func<MetainfoBuilder, MetainfoBuilder>? change = null)
    {
        MetainfoBuilder builder = new()
        {
            Name = name,
            PieceLength = pieceLength,
            PieceHashes = content.Chunk(pieceLength).SelectMany(SHA1.HashData).ToArray(),
            Files = [.. files],
        };
        return (change?.Invoke(builder) ?? builder).Build();
    }

    /// <summary>Makes a torrent of one file, without a folder.</summary>
    public static byte[] OfFile(string name, int pieceLength, byte[] content) =>
        Of(name, pieceLength, content, [new MetainfoFile { Length = content.Length }]);

    /// <summary>Makes a torrent of one file that nobody has data for: no piece has its hash.</summary>
    public static byte[] WithoutData(string name, Func<MetainfoBuilder, MetainfoBuilder> change) =>
        Of(name, 16 * 1024, [], [new MetainfoFile { Path = [name], Length = 100 }], builder =>
            change(builder with { PieceHashes = new byte[SHA1.HashSizeInBytes] }));

    /// <summary>A file of a torrent; its path is separated by slashes.</summary>
    public static MetainfoFile FileOf(string path, long length) => new() { Path = [.. path.Split('/')], Length = length };

    /// <summary>Reads a .torrent, which must be valid.</summary>
    public static TorrentMetainfo Read(byte[] torrent)
    {
        Assert.True(MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out MetainfoError? error), error?.Message);
        return metainfo;
    }
}

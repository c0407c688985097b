using System.Globalization;
using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

/// <summary>Torrents written by hand, byte for byte (Latin-1), and a way to read them.</summary>
internal static class Torrents
{
    /// <summary>The end of an info dictionary of one piece.</summary>
    public const string OnePiece = "12:piece lengthi16384e6:pieces20:aaaaaaaaaaaaaaaaaaaa";

    /// <summary>A torrent of several files, 5 bytes in all; the caller gives the content of the list.</summary>
    public static string OfFiles(string files) => $"d4:infod5:filesl{files}e4:name4:root{OnePiece}ee";

    /// <summary>An entry of the list, with its path elements in UTF-8.</summary>
    public static string File(long length, params string[] path) =>
        string.Create(CultureInfo.InvariantCulture, $"d6:lengthi{length}e4:pathl{string.Concat(path.Select(String))}ee");

    /// <summary>A bencoded string, its UTF-8 bytes as Latin-1.</summary>
    public static string String(string text)
    {
        string bytes = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));
        return string.Create(CultureInfo.InvariantCulture, $"{bytes.Length}:{bytes}");
    }

    public static TorrentMetainfo Read(string torrent, PathRules rules = PathRules.Portable)
    {
        bool read = MetainfoReader.TryRead(
            Encoding.Latin1.GetBytes(torrent), rules, out TorrentMetainfo? metainfo, out MetainfoError? error);
        Assert.True(read, error?.Message);
        return metainfo!;
    }

    public static MetainfoError Refuse(string torrent)
    {
        Assert.False(MetainfoReader.TryRead(Encoding.Latin1.GetBytes(torrent), out TorrentMetainfo? metainfo, out MetainfoError? error));
        Assert.Null(metainfo);
        return error;
    }
}

using System.Text;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

public class MetainfoReaderTests
{
    private const string Hash = "aaaaaaaaaaaaaaaaaaaa";

    [Fact]
    public void A_torrent_of_one_file_is_read()
    {
        TorrentMetainfo metainfo = Read($"d8:announce22:http://t.example:80/an4:infod6:lengthi5e4:name5:a.txt12:piece lengthi16384e6:pieces20:{Hash}ee");
        Assert.Equal("a.txt", metainfo.Name);
        Assert.False(metainfo.IsMultiFile);
        TorrentFile file = Assert.Single(metainfo.Files);
        Assert.Equal(("a.txt", 5L, 0L), (file.Path, file.Length, file.Offset));
        Assert.Equal(1, metainfo.Layout.PieceCount);
        Assert.Equal(Hash, Encoding.ASCII.GetString(metainfo.HashOf(default)));
        Assert.Equal(["http://t.example:80/an"], Assert.Single(metainfo.Trackers));
        Assert.Empty(metainfo.Warnings);
    }

    private static TorrentMetainfo Read(string torrent)
    {
        bool read = MetainfoReader.TryRead(Encoding.Latin1.GetBytes(torrent), out TorrentMetainfo? metainfo, out MetainfoError? error);
        Assert.True(read, error?.Message);
        return metainfo!;
    }
}

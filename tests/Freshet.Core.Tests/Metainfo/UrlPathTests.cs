using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

/// <summary>The paths by which web seeds know files: those of the torrent, whatever the files are called here.</summary>
public class UrlPathTests
{
    [Fact]
    public void A_path_is_percent_encoded_as_utf_8()
    {
        TorrentMetainfo torrent = Torrents.Read(Torrents.OfFiles(Torrents.File(5, "a b", "ä#?%.mkv")));
        Assert.Equal("root/a b/ä#_%.mkv", torrent.Files[0].Path);
        Assert.Equal("root/a%20b/%C3%A4%23%3F%25.mkv", torrent.Files[0].PathInUrl);
    }

    [Fact]
    public void Names_that_are_made_safe_or_unique_here_are_requested_as_the_torrent_has_them()
    {
        TorrentMetainfo torrent = Torrents.Read(Torrents.OfFiles(
            Torrents.File(1, "film") + Torrents.File(2, "FILM") + Torrents.File(2, "..", "con")));
        Assert.Equal(["root/film", "root/FILM.1", "root/_/_con"], torrent.Files.Select(file => file.Path));
        Assert.Equal(["root/film", "root/FILM", "root/../con"], torrent.Files.Select(file => file.PathInUrl));
    }

    [Fact]
    public void The_torrents_own_name_is_requested_as_the_torrent_has_it()
    {
        TorrentMetainfo torrent = Torrents.Read($"d4:infod6:lengthi5e4:name3:a:b{Torrents.OnePiece}ee");
        Assert.Equal("a_b", torrent.Files[0].Path);
        Assert.Equal("a%3Ab", torrent.Files[0].PathInUrl);
    }
}

using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Metainfo;

public class MagnetLinkTests
{
    private const string Hex = "c12fe1c06bba254a9dc9f519b335aa7c1367a88a";
    private const string HexV2 = "caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e";

    [Fact]
    public void A_link_with_everything_is_read()
    {
        MagnetLink link = Parse(
            $"magnet:?xt=urn:btih:{Hex}&xt=urn:btmh:1220{HexV2}&dn=a+b%20c&tr=http%3A%2F%2Ft.example%2Fannounce%3Fk%3D1%262"
            + "&tr.1=udp://u.example:80&ws=https%3A%2F%2Fw.example%2F"
            + "&x.pe=10.0.0.1:6881&x.pe=%5B2001%3Adb8%3A%3A1%5D%3A51413&x.pe=h.example:1&so=0,2,4,6-8&xl=10&foo");
        Assert.Equal(Hex, link.InfoHash.ToString());
        Assert.Equal(HexV2, link.InfoHashV2.ToString());
        Assert.Equal("a b c", link.DisplayName);
        Assert.Equal(["http://t.example/announce?k=1&2", "udp://u.example:80"], link.Trackers);
        Assert.Equal(["https://w.example/"], link.WebSeeds);
        Assert.Equal(["10.0.0.1:6881", "[2001:db8::1]:51413", "h.example:1"], link.Peers);
        Assert.Equal([new(0, 0), new(2, 2), new(4, 4), new(6, 8)], link.SelectedFiles);
    }

    // RFC 4648, section 10 has the vectors for the alphabet; this pair stands for the same twenty bytes.
    [Theory]
    [InlineData("YEX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK")]
    [InlineData("yex6dqdlxisuvhoj6um3gnnkpqjwpkek")]
    [InlineData("C12FE1C06BBA254A9DC9F519B335AA7C1367A88A")]
    public void Both_spellings_of_a_hash_are_the_same_torrent(string hash) =>
        Assert.Equal(Hex, Parse("magnet:?xt=urn:btih:" + hash).InfoHash.ToString());

    [Fact]
    public void A_link_of_version_2_alone_is_read()
    {
        MagnetLink link = Parse("magnet:?xt=urn:btmh:1220" + HexV2);
        Assert.Null(link.InfoHash);
        Assert.Equal(HexV2[..40], link.SwarmHash.ToString());
        Assert.Equal("magnet:?xt=urn:btmh:1220" + HexV2, link.ToString());
    }

    [Theory]
    [InlineData("  MAGNET:?XT=nothing&xt=URN:BTIH:C12FE1C06BBA254A9DC9F519B335AA7C1367A88A \n")]
    [InlineData("magnet:?dn=&amp;xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&amp;tr=&&=&x.pe=:&x.pe=a:0&tr=nonsense")]
    [InlineData("magnet:?xt.1=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&xt.2=urn:btih:C12FE1C06BBA254A9DC9F519B335AA7C1367A88A")]
    [InlineData("magnet:?xt=urn%3Abtih%3Ac12fe1c06bba254a9dc9f519b335aa7c1367a88a&xt=urn:ed2k:31D6CFE0D16AE931B73C59D7E0C089C0")]
    public void Links_as_people_paste_them_are_read(string text) => Assert.Equal("magnet:?xt=urn:btih:" + Hex, Parse(text).ToString());

    [Theory]
    [InlineData(null, "begins with magnet:?")]
    [InlineData("", "begins with magnet:?")]
    [InlineData("http://a.example/?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a", "begins with magnet:?")]
    [InlineData("magnet:?", "no info-hash")]
    [InlineData("magnet:?dn=x", "no info-hash")]
    [InlineData("magnet:?xt=urn:sha1:YNCKHTQCWBTRNJIV4WNAE52SJUQCZO5C", "no info-hash")]
    [InlineData("magnet:?xt=urn:btih:c12f", "40 hexadecimal or 32 base-32 digits, this has 4")]
    [InlineData("magnet:?xt=urn:btih:g12fe1c06bba254a9dc9f519b335aa7c1367a88a", "40 hexadecimal")]
    [InlineData("magnet:?xt=urn:btih:1EX6DQDLXISUVHOJ6UM3GNNKPQJWPKEK", "40 hexadecimal")]
    [InlineData("magnet:?xt=urn:btmh:1120caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e", "1220 and 64")]
    [InlineData("magnet:?xt=urn:btmh:1220caf1", "1220 and 64")]
    [InlineData(
        "magnet:?xt=urn:btih:c12fe1c06bba254a9dc9f519b335aa7c1367a88a&xt=urn:btih:012fe1c06bba254a9dc9f519b335aa7c1367a88a",
        "two torrents")]
    [InlineData(
        "magnet:?xt=urn:btmh:1220caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302e"
        + "&xt=urn:btmh:1220caf1e1c30e81cb361b9ee167c4aa64228a7fa4fa9f6105232b28ad099f3a302f",
        "two torrents")]
    public void Text_that_is_not_a_link_is_refused_with_the_reason(string? text, string reason)
    {
        Assert.False(MagnetLink.TryParse(text, out MagnetLink? link, out string? error));
        Assert.Null(link);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1-")]
    [InlineData("3-2")]
    [InlineData("-1")]
    [InlineData("0-99999999")]
    [InlineData("a,,b")]
    public void A_selection_that_cannot_be_read_is_ignored(string selection)
    {
        Assert.Empty(Parse($"magnet:?xt=urn:btih:{Hex}&so={selection}").SelectedFiles);
        Assert.Equal(
            [new FileRange(2, 2), new FileRange(4, 6)], Parse($"magnet:?xt=urn:btih:{Hex}&so=2,{selection},4-6").SelectedFiles);
    }

    [Fact]
    public void A_printed_link_is_read_back()
    {
        var link = new MagnetLink
        {
            InfoHash = Parse("magnet:?xt=urn:btih:" + Hex).InfoHash,
            DisplayName = "50% & more = \"ä\" + 日本/😀",
            Trackers = ["http://t.example/a?b=c&d=%20e", "udp://t.example:6969/announce"],
            WebSeeds = ["http://w.example/a b"],
            Peers = ["127.0.0.1:1", "[::1]:2"],
            SelectedFiles = [new FileRange(3, 3), new FileRange(5, 9)],
        };
        Assert.Equal(
            $"magnet:?xt=urn:btih:{Hex}&dn=50%25%20%26%20more%20%3D%20%22%C3%A4%22%20%2B%20%E6%97%A5%E6%9C%AC%2F%F0%9F%98%80"
            + "&tr=http%3A%2F%2Ft.example%2Fa%3Fb%3Dc%26d%3D%2520e&tr=udp%3A%2F%2Ft.example%3A6969%2Fannounce"
            + "&ws=http%3A%2F%2Fw.example%2Fa%20b&x.pe=127.0.0.1:1&x.pe=[::1]:2&so=3,5-9",
            link.ToString());
        Assert.Equal(link, Parse(link.ToString()));
        Assert.Equal(link.DisplayName, Parse(link.ToString()).DisplayName);
        Assert.Equal(link.Trackers, Parse(link.ToString()).Trackers);
    }

    [Fact]
    public void A_link_is_bounded()
    {
        string many = string.Concat(Enumerable.Range(0, 3_000).Select(i => $"&tr=udp://t{i}.example:1&ws=http://w{i}.example/"));
        MagnetLink link = Parse($"magnet:?xt=urn:btih:{Hex}{many}");
        Assert.Equal(MetainfoLimits.MaxTrackers, link.Trackers.Length);
        Assert.Equal(MetainfoLimits.MaxWebSeeds, link.WebSeeds.Length);
        string name = new('x', MetainfoLimits.MaxMagnetLength);
        Assert.False(MagnetLink.TryParse($"magnet:?xt=urn:btih:{Hex}&dn={name}", out _, out string? error));
        Assert.Contains("too long", error, StringComparison.Ordinal);
    }

    /// <summary>A character takes up to nine characters when it is escaped.</summary>
    [Fact]
    public void A_long_url_in_any_script_is_printed_and_read_back()
    {
        string url = "http://t.example/" + new string('€', MetainfoLimits.MaxUrlLength - "http://t.example/".Length);
        MagnetLink link = Parse($"magnet:?xt=urn:btih:{Hex}&tr={url}&ws={url}");
        Assert.Equal([url], link.Trackers);
        Assert.Equal([url], Parse(link.ToString()).Trackers);
        Assert.Equal([url], Parse(link.ToString()).WebSeeds);
    }

    [Fact]
    public void A_link_that_is_too_long_to_print_is_refused()
    {
        string name = new('€', MetainfoLimits.MaxMagnetLength / "%E2%82%AC".Length);
        Assert.False(MagnetLink.TryParse($"magnet:?xt=urn:btih:{Hex}&dn={name}", out _, out string? error));
        Assert.Contains("too long", error, StringComparison.Ordinal);
    }

    private static MagnetLink Parse(string text)
    {
        bool parsed = MagnetLink.TryParse(text, out MagnetLink? link, out string? error);
        Assert.True(parsed, error);
        return link!;
    }
}

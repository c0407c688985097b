using System.Text;
using Freshet.Core.Local;
using Freshet.Core.Metainfo;

namespace Freshet.Core.Tests.Local;

public class LocalAnnounceTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef01234567";
    private const string Other = "ffffffffffffffffffffffffffffffffffffffff";

    // The format of BEP 14, as libtorrent and Transmission send it.
    private const string Plain =
        "BT-SEARCH * HTTP/1.1\r\nHost: 239.192.152.143:6771\r\nPort: 6881\r\nInfohash: " + Hex + "\r\ncookie: 1a2b\r\n\r\n\r\n";

    [Fact]
    public void The_format_of_BEP_14_is_read() => AssertRead(Plain, 6881, "1a2b", Hex);

    [Fact]
    public void An_announce_is_written_in_the_format_of_BEP_14()
    {
        Assert.Equal(Plain, Encoding.ASCII.GetString(LocalAnnounce.Write(isV6: false, 6881, "1a2b", [Hash(Hex)])));
        Assert.Contains(
            "Host: [ff15::efc0:988f]:6771\r\n",
            Encoding.ASCII.GetString(LocalAnnounce.Write(isV6: true, 6881, "", [Hash(Hex)])),
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_torrents_of_one_announce_fit_into_a_datagram()
    {
        InfoHash[] torrents = [.. Enumerable.Range(0, LocalLimits.MaxLocalHashes).Select(i => Hash($"{i:x40}"))];
        byte[] written = LocalAnnounce.Write(isV6: true, 65535, "0123456789abcdef", torrents);
        Assert.InRange(written.Length, 1, LocalLimits.MaxLocalAnnounceLength);
        InfoHash[] read = new InfoHash[torrents.Length];
        Assert.True(LocalAnnounce.TryRead(written, read, out LocalAnnounceHeader header));
        Assert.Equal(torrents, read[..header.Torrents]);
    }

    [Theory]
    [InlineData("bt-search * http/1.1\nPORT:6881\ninfohash:" + Hex)]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nX-New: 1\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort:\t6881 \r\nInfohash: junk\r\nInfohash: " + Hex + "\r\n\r\nInfohash: " + Other + "\r\n")]
    public void Other_spellings_are_read(string text) => AssertRead(text, 6881, "", Hex);

    [Theory]
    [InlineData("")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\n\r\n")]
    [InlineData("M-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 0\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 65536\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: -1\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 6881x\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 1\r\nPort: 2\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nInfohash: " + Hex + "\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nInfohash: " + Hex + "0\r\n\r\n")]
    [InlineData("BT-SEARCH * HTTP/1.1\r\nPort: 6881\r\nno header\r\nInfohash: " + Hex + "\r\n\r\n")]
    public void Anything_else_is_refused(string text) =>
        Assert.False(LocalAnnounce.TryRead(Encoding.ASCII.GetBytes(text), new InfoHash[4], out _));

    [Fact]
    public void A_datagram_that_is_too_long_is_refused()
    {
        byte[] padded = Encoding.ASCII.GetBytes(Plain.Replace("cookie: ", "cookie: " + new string('x', 1_400), StringComparison.Ordinal));
        Assert.False(LocalAnnounce.TryRead(padded, new InfoHash[4], out _));
    }

    [Fact]
    public void Torrents_beyond_the_limit_are_left_out()
    {
        string many = Plain.Replace("cookie", $"Infohash: {Other}\r\ncookie", StringComparison.Ordinal);
        InfoHash[] torrents = new InfoHash[1];
        Assert.True(LocalAnnounce.TryRead(Encoding.ASCII.GetBytes(many), torrents, out LocalAnnounceHeader header));
        Assert.Equal(1, header.Torrents);
    }

    internal static InfoHash Hash(string hex) => InfoHash.TryParseHex(hex, out InfoHash hash) ? hash : throw new ArgumentException(hex);

    private static void AssertRead(string text, int port, string cookie, params string[] hashes)
    {
        InfoHash[] torrents = new InfoHash[4];
        Assert.True(LocalAnnounce.TryRead(Encoding.ASCII.GetBytes(text), torrents, out LocalAnnounceHeader header));
        Assert.Equal(port, header.Port);
        Assert.Equal(cookie, Encoding.ASCII.GetString(header.Cookie));
        Assert.Equal(hashes.Select(Hash), torrents[..header.Torrents]);
    }
}

using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;
using Freshet.Tracker.Http;

namespace Freshet.Tests.Tracker.Http;

public class TrackerQueryTests
{
    private const string Hash = "info_hash=%124Vx%9A%BC%DE%F1%23Eg%89%AB%CD%EF%124Vx%9a";
    private const string Needed = $"?{Hash}&peer_id=-FR0100-abcdefg%00%FF%26+x&port=6881";

    // The info-hash is the example of the unofficial specification.
    [Fact]
    public void An_info_hash_is_bytes_and_not_text()
    {
        AnnounceQuery query = Read(Needed);
        Assert.Equal("123456789abcdef123456789abcdef123456789a", query.InfoHash.ToString());
        Assert.Equal(new PeerId([.. "-FR0100-abcdefg"u8, 0, 0xFF, .. "&+x"u8]), query.PeerId);
        Assert.Equal(6881, query.Port);
        Assert.Equal(
            (null, null, AnnounceEvent.None, true, false, null),
            (query.Left, query.NumWant, query.Event, query.IsCompact, query.NoPeerId, query.Address));
    }

    [Fact]
    public void Everything_that_a_client_may_say_is_read()
    {
        AnnounceQuery query = Read(
            $"{Needed}&uploaded=1&downloaded=2&left=9223372036854775807&event=completed&numwant=30"
            + "&compact=0&no_peer_id=1&key=x&ip=2001%3Adb8%3A%3A1&&=&x");
        Assert.Equal(
            (long.MaxValue, 30, AnnounceEvent.Completed, false, true),
            (query.Left, query.NumWant, query.Event, query.IsCompact, query.NoPeerId));
        Assert.Equal(IPAddress.Parse("2001:db8::1"), query.Address);
    }

    [Theory]
    [InlineData("started", AnnounceEvent.Started)]
    [InlineData("stopped", AnnounceEvent.Stopped)]
    [InlineData("paused", AnnounceEvent.Paused)]
    [InlineData("", AnnounceEvent.None)]
    [InlineData("empty", AnnounceEvent.None)]
    public void Events_are_read_by_name(string name, AnnounceEvent expected) =>
        Assert.Equal(expected, Read($"{Needed}&event={name}").Event);

    [Theory]
    [InlineData("left=-1&numwant=-1&ip=peer.example.org&event=%zz")]
    [InlineData("left=99999999999999999999&numwant=x&ip=&compact")]
    [InlineData("left=%2&numwant=%&ip=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Invalid_optional_values_are_ignored(string more)
    {
        AnnounceQuery query = Read($"{Needed}&{more}");
        Assert.Equal((null, null, AnnounceEvent.None, null), (query.Left, query.NumWant, query.Event, query.Address));
    }

    [Theory]
    [InlineData("", "info_hash is missing")]
    [InlineData("?port=1", "info_hash is missing")]
    [InlineData($"?{Hash}", "peer_id is missing")]
    [InlineData($"?{Hash}&peer_id=aaaaaaaaaaaaaaaaaaaa", "port is missing")]
    [InlineData("?info_hash=abc", "info_hash is not 20 bytes")]
    [InlineData("?info_hash=123456789abcdef123456789abcdef123456789a", "info_hash is not 20 bytes")]
    [InlineData("?info_hash=%zzaaaaaaaaaaaaaaaaaaa", "info_hash is not 20 bytes")]
    [InlineData("?info_hash=\u20acaaaaaaaaaaaaaaaaaaa", "info_hash is not 20 bytes")]
    [InlineData($"{Needed}&peer_id=x", "peer_id is not 20 bytes")]
    [InlineData($"{Needed}&port=65536", "port is not a number from 1 to 65535")]
    [InlineData($"{Needed}&port=-1", "port is not a number from 1 to 65535")]
    [InlineData($"{Needed}&port=", "port is not a number from 1 to 65535")]
    public void Missing_and_malformed_values_are_named(string query, string expected)
    {
        Assert.False(AnnounceQuery.TryParse(query, out _, out string? error));
        Assert.Equal(expected, error);
    }

    [Fact]
    public void A_scrape_names_torrents_each_once_in_order()
    {
        Assert.True(
            ScrapeQuery.TryParse(
                "?info_hash=bbbbbbbbbbbbbbbbbbbb&x=y&info_hash=%61aaaaaaaaaaaaaaaaaaa&info_hash=bbbbbbbbbbbbbbbbbbbb",
                out List<InfoHash>? asked, out _));
        Assert.Equal([new("aaaaaaaaaaaaaaaaaaaa"u8), new("bbbbbbbbbbbbbbbbbbbb"u8)], asked);
    }

    [Fact]
    public void An_empty_malformed_or_excessive_scrape_is_refused()
    {
        Assert.False(ScrapeQuery.TryParse("?x=y", out _, out string? error));
        Assert.Equal("info_hash is missing", error);
        Assert.False(ScrapeQuery.TryParse("?info_hash=x", out _, out error));
        Assert.Equal("info_hash is not 20 bytes", error);
        string many = string.Join('&', Enumerable.Range(0, ScrapeQuery.MaxTorrents + 1).Select(i => $"info_hash={i:d20}"));
        Assert.False(ScrapeQuery.TryParse(many, out _, out error));
        Assert.Equal($"info_hash is there more than {ScrapeQuery.MaxTorrents} times", error);
    }

    private static AnnounceQuery Read(string query)
    {
        Assert.True(AnnounceQuery.TryParse(query, out AnnounceQuery? announce, out string? error), error);
        return announce;
    }
}

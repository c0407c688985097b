using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Trackers;

public class HttpTrackerAnswerTests
{
    // BEP 7: the example's shape, with an IPv4 peer and an IPv6 peer.
    [Fact]
    public void Compact_peers_of_both_families_are_read()
    {
        AnnounceResponse answer = Read(
            "d8:intervali1800e5:peers6:\u0001\u0002\u0003\u0004\u001a\u00e1"
            + "6:peers618: \u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001\u001a\u00e2e");
        Assert.Equal(TimeSpan.FromMinutes(30), answer.Interval);
        Assert.Equal([new(IPEndPoint.Parse("1.2.3.4:6881"), null), new(IPEndPoint.Parse("[2001:db8::1]:6882"), null)], answer.Peers);
        Assert.Null(answer.MinInterval);
        Assert.Null(answer.Seeders);
        Assert.Null(answer.TrackerId);
    }

    [Theory]
    [InlineData("0:")]
    [InlineData("i7e")]
    [InlineData("le")]
    public void An_invalid_tracker_id_is_not_repeated(string bencoded) =>
        Assert.Null(Read($"d8:intervali1800e5:peers0:10:tracker id{bencoded}e").TrackerId);

    // BEP 3: a list of dictionaries with peer id, ip and port.
    [Fact]
    public void Peers_in_the_long_form_are_read_with_their_ids()
    {
        AnnounceResponse answer = Read("d8:intervali900e5:peersl"
            + "d2:ip7:1.2.3.47:peer id20:-FR0100-abcdefghijkl4:porti6881ee"
            + "d2:ip11:2001:db8::14:porti1ee"
            + "d2:ip19:peer.example.orgxxx4:porti6881ee"
            + "d2:ip7:1.2.3.54:porti0ee"
            + "d2:ip7:1.2.3.54:porti65536ee"
            + "d2:ip7:1.2.3.5e"
            + "i7e"
            + "ee");
        Assert.Equal(
            [new(IPEndPoint.Parse("1.2.3.4:6881"), new PeerId("-FR0100-abcdefghijkl"u8)), new(IPEndPoint.Parse("[2001:db8::1]:1"), null)],
            answer.Peers);
        Assert.Equal(5, answer.SkippedPeers);
    }

    [Fact]
    public void Everything_a_tracker_may_say_is_read()
    {
        AnnounceResponse answer = Read(
            "d8:completei5e11:external ip4:\u00cb\0q\u000710:incompletei7e8:intervali1800e12:min intervali60e5:peers0:"
            + "10:tracker id3:abc15:warning message9:be\ngentlee");
        Assert.Equal((5, 7), (answer.Seeders, answer.Leechers));
        Assert.Equal(IPAddress.Parse("203.0.113.7"), answer.ExternalAddress);
        Assert.Equal(TimeSpan.FromMinutes(1), answer.MinInterval);
        Assert.Equal("abc"u8.ToArray(), answer.TrackerId!.Value.ToArray());
        Assert.Equal("be gentle", answer.Warning);
        Assert.Empty(answer.Peers);
        Assert.Null(answer.FailureReason);
    }

    // BEP 24: 4 bytes or 16; anything else is ignored.
    [Theory]
    [InlineData("16: \u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001", "2001:db8::1")]
    [InlineData("9:203.0.1.7", null)]
    [InlineData("i7e", null)]
    public void The_external_address_is_packed(string bencoded, string? expected) =>
        Assert.Equal(expected, Read($"d11:external ip{bencoded}8:intervali1800e5:peers0:e").ExternalAddress?.ToString());

    // BEP 31: the examples, bencoded, and other values that may occur.
    [Theory]
    [InlineData("8:retry in1:5", 5.0)]
    [InlineData("8:retry ini5e", 5.0)]
    [InlineData("8:retry in5:never", -1.0)]
    [InlineData("8:retry in4:soon", null)]
    [InlineData("8:retry ini-5e", null)]
    [InlineData("8:retry ini9223372036854775807e", (double)int.MaxValue)]
    [InlineData("", null)]
    public void A_refusal_says_when_to_come_back(string retry, double? minutes)
    {
        AnnounceResponse answer = Read($"d14:failure reason10:Overloaded{retry}e");
        Assert.Equal("Overloaded", answer.FailureReason);
        TimeSpan? expected = minutes switch
        {
            null => null,
            < 0 => Timeout.InfiniteTimeSpan,
            _ => TimeSpan.FromMinutes(minutes.Value),
        };
        Assert.Equal(expected, answer.RetryIn);
    }

    [Theory]
    [InlineData("d14:failure reason0:e", "the tracker refused without a reason")]
    [InlineData("d14:failure reasoni1ee", "the tracker refused without a reason")]
    [InlineData("d14:failure reason3:\u00ff\u001bae", "\ufffd\ufffda")]
    public void A_refusal_always_has_words(string body, string words) => Assert.Equal(words, Read(body).FailureReason);

    [Fact]
    public void Endless_words_are_cut()
    {
        string words = new('x', 100_000);
        Assert.Equal(TrackerLimits.MaxMessageLength, Read($"d14:failure reason{words.Length}:{words}e").FailureReason!.Length);
    }

    [Theory]
    [InlineData("", "the answer is empty")]
    [InlineData("<html>", "the answer is a web page and not a tracker's")]
    [InlineData("\r\n <!DOCTYPE html>", "the answer is a web page and not a tracker's")]
    [InlineData("torrent not found", "the answer is not bencoded: ")]
    [InlineData("d8:intervali1800e5:peers", "the answer is not bencoded: ")]
    [InlineData("le", "the answer is not a dictionary")]
    [InlineData("d8:intervali1e5:peersi7ee", "peers is neither a string nor a list")]
    [InlineData("d8:intervali1e5:peers7:abcdefge", "peers is 7 bytes, which is not a multiple of 6")]
    [InlineData("d8:intervali1e6:peers66:abcdefe", "peers6 is 6 bytes, which is not a multiple of 18")]
    public void Invalid_answers_are_named(string body, string expected)
    {
        Assert.False(HttpTrackerAnswer.TryReadAnnounce(Encoding.Latin1.GetBytes(body), out _, out string? error));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("d5:peers0:8:intervali1800ee")] // keys out of order
    [InlineData("d8:interval4:18005:peers0:e")] // a number as a string
    [InlineData("d8:intervali01800e5:peers0:e")] // a leading zero
    [InlineData("d8:intervali1800ee")] // no peers at all, as after stopped
    [InlineData("d8:intervali1800e5:peerslee\r\n")] // a line's end after it
    [InlineData("d8:intervali1800e5:peersdee")] // an empty array of PHP, which may be either
    [InlineData("d8:intervali1800e5:peers0:6:peers6lee")] // peers6 in the long form
    [InlineData("d8:intervali1800e5:peers0:6:peers6i0ee")] // peers6 of no kind
    [InlineData("d14:failure reason0:8:intervali1800e5:peers0:e")] // a refusal that is none
    [InlineData("d8:completele10:incomplete3:few8:intervali1800e12:min interval0:5:peers0:e")] // extras of no kind
    public void Sloppy_answers_are_accepted(string body) => Assert.Equal(TimeSpan.FromMinutes(30), Read(body).Interval);

    [Theory]
    [InlineData("4:soon")]
    [InlineData("le")]
    [InlineData("0:")]
    public void An_interval_that_is_not_a_number_is_ignored(string interval) =>
        Assert.Equal(TimeSpan.Zero, Read($"d8:interval{interval}5:peers0:e").Interval);

    [Fact]
    public void Peers6_alone_are_accepted() =>
        Assert.Equal(
            [new(IPEndPoint.Parse("[2001:db8::1]:6882"), null)],
            Read("d8:intervali1e6:peers618: \u0001\u000d\u00b8\0\0\0\0\0\0\0\0\0\0\0\u0001\u001a\u00e2e").Peers);

    // An array of PHP whose keys are not 0, 1, 2 is a dictionary; and numbers may be strings.
    [Fact]
    public void Peers_in_the_long_form_are_read_from_a_dictionary_and_with_ports_in_quotes()
    {
        AnnounceResponse answer = Read(
            "d8:intervali1e5:peersd1:1d2:ip7:1.2.3.44:port4:6881e1:2d2:ip7:1.2.3.54:porti6882ee1:3d2:ip7:1.2.3.64:port5:80801eee");
        Assert.Equal([IPEndPoint.Parse("1.2.3.4:6881"), IPEndPoint.Parse("1.2.3.5:6882")], answer.Peers.Select(peer => peer.EndPoint));
        Assert.Equal(1, answer.SkippedPeers);
    }

    [Fact]
    public void A_refusal_stands_whatever_else_the_answer_contains()
    {
        AnnounceResponse answer = Read("d14:failure reason6:banned8:intervali1800e5:peers6:\u0001\u0002\u0003\u0004\u001a\u00e1e");
        Assert.Equal("banned", answer.FailureReason);
        Assert.Empty(answer.Peers);
    }

    [Theory]
    [InlineData("i0e", 0)]
    [InlineData("i-1e", 0)]
    [InlineData("i2147483647e", int.MaxValue)]
    [InlineData("i2147483648e", int.MaxValue)]
    [InlineData("i9223372036854775807e", int.MaxValue)]
    public void Hostile_numbers_stay_within_what_time_can_hold(string number, int seconds)
    {
        AnnounceResponse answer = Read($"d8:completei-7e8:interval{number}12:min interval{number}5:peers0:e");
        Assert.Equal((TimeSpan.FromSeconds(seconds), TimeSpan.FromSeconds(seconds)), (answer.Interval, answer.MinInterval));
        Assert.Null(answer.Seeders);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:0.0.0.0")]
    [InlineData("1")]
    [InlineData("10.1")]
    public void Impossible_addresses_are_left_out(string address)
    {
        AnnounceResponse answer = Read($"d8:intervali1800e5:peersld2:ip{address.Length}:{address}4:porti6881eeee");
        Assert.Empty(answer.Peers);
        Assert.Equal(1, answer.SkippedPeers);
    }

    [Fact]
    public void An_ipv4_mapped_address_is_an_ipv4_address() =>
        Assert.Equal(
            IPEndPoint.Parse("1.2.3.4:6881"),
            Read("d8:intervali1e6:peers618:\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff\u0001\u0002\u0003\u0004\u001a\u00e1e").Peers[0].EndPoint);

    [Fact]
    public void No_more_peers_are_accepted_than_the_limit()
    {
        string packed = string.Concat(Enumerable.Repeat("\u0001\u0002\u0003\u0004\u001a\u00e1", TrackerLimits.MaxPeersPerAnnounce + 5));
        AnnounceResponse answer = Read($"d8:intervali1800e5:peers{packed.Length}:{packed}e");
        Assert.Equal((TrackerLimits.MaxPeersPerAnnounce, 5), (answer.Peers.Count, answer.SkippedPeers));
    }

    // BEP 48's example: the first of two swarms that were asked for, with an additional field of BEP 21.
    [Fact]
    public void A_scrape_returns_the_numbers_of_what_was_requested()
    {
        InfoHash x = new("xxxxxxxxxxxxxxxxxxxx"u8);
        InfoHash z = new("zzzzzzzzzzzzzzzzzzzz"u8);
        byte[] body = Encoding.Latin1.GetBytes(
            "d5:filesd20:xxxxxxxxxxxxxxxxxxxxd8:completei11e10:downloadedi13772e11:downloadersi9e10:incompletei19ee"
            + "20:yyyyyyyyyyyyyyyyyyyyd8:completei21e10:downloadedi206e10:incompletei20eeee");
        Assert.True(HttpTrackerAnswer.TryReadScrape(body, new HashSet<InfoHash> { x, z }, out ScrapeResponse? answer, out _));
        KeyValuePair<InfoHash, ScrapedSwarm> swarm = Assert.Single(answer.Swarms);
        Assert.Equal(x, swarm.Key);
        Assert.Equal(new ScrapedSwarm(11, 19, 13_772, 9), swarm.Value);
    }

    [Theory]
    [InlineData("de", "files is missing")]
    [InlineData("d5:filesi1ee", "files is not a dictionary")]
    [InlineData("x", "the answer is not bencoded: ")]
    public void An_invalid_scrape_is_an_error_that_names_the_field(string body, string expected)
    {
        Assert.False(HttpTrackerAnswer.TryReadScrape(Encoding.Latin1.GetBytes(body), new HashSet<InfoHash>(), out _, out string? error));
        Assert.StartsWith(expected, error, StringComparison.Ordinal);
    }

    [Fact]
    public void Cut_and_flipped_answers_end_in_an_answer_or_an_error_with_words()
    {
        byte[] whole = Encoding.Latin1.GetBytes(
            "d8:completei5e11:external ip4:abcd8:intervali1800e"
            + "5:peersld2:ip7:1.2.3.47:peer id20:-FR0100-abcdefghijkl4:porti6881eee6:peers618:aaaaaaaaaaaaaaaaaae");
        Random random = new(7);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] mangled = whole[..random.Next(whole.Length + 1)];
            for (int flips = random.Next(4); flips > 0 && mangled.Length > 0; flips--)
                mangled[random.Next(mangled.Length)] = (byte)random.Next(256);
            bool isRead = HttpTrackerAnswer.TryReadAnnounce(mangled, out AnnounceResponse? answer, out string? error);
            Assert.Equal(isRead, answer is not null);
            Assert.Equal(isRead, string.IsNullOrEmpty(error));
        }
    }

    private static AnnounceResponse Read(string latin1)
    {
        Assert.True(
            HttpTrackerAnswer.TryReadAnnounce(Encoding.Latin1.GetBytes(latin1), out AnnounceResponse? answer, out string? error), error);
        return answer;
    }
}

using System.Buffers.Binary;
using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Tracker;
using Freshet.Tracker.Swarms;
using Freshet.Tracker.Udp;

namespace Freshet.Tests.Tracker.Udp;

public class UdpApplicationTests
{
    private static readonly TrackerOptions Options = new();
    private static readonly PeerAddress Asker = PeerAddress.From(IPAddress.Parse("192.0.2.1"), 5000);

    private readonly SharedSwarms _swarms = new(new SwarmStore(Options, new Random(1)));
    private readonly ConnectionIds _ids = new(new SipHash(1, 2));

    // The vectors of SipHash's reference implementation: the key is 00 01 .. 0f, and each input is 00 01 .. of a different length.
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void SipHash_matches_that_of_its_authors(int length, ulong expected) =>
        Assert.Equal(
            expected,
            new SipHash(0x0706050403020100, 0x0f0e0d0c0b0a0908).Hash([.. Enumerable.Range(0, length).Select(i => (byte)i)]));

    [Fact]
    public void A_connection_id_is_valid_for_its_address_and_for_two_minutes_at_most()
    {
        Timestamp now = new(TimeSpan.TicksPerHour);
        ulong id = _ids.For(Asker, now);
        Assert.True(_ids.IsValid(id, Asker, now));
        Assert.True(_ids.IsValid(id, Asker, now + TimeSpan.FromSeconds(119)));
        Assert.False(_ids.IsValid(id, Asker, now + TimeSpan.FromSeconds(120)));
        Assert.False(_ids.IsValid(id, Asker with { Port = 5001 }, now));
        Assert.False(_ids.IsValid(id, PeerAddress.From(IPAddress.Parse("192.0.2.2"), 5000), now));
        Assert.False(_ids.IsValid(id, PeerAddress.From(IPAddress.Parse("::192.0.2.1"), 5000), now));
        Assert.False(new ConnectionIds(new SipHash(1, 3)).IsValid(id, Asker, now));
    }

    [Fact]
    public void An_announce_is_answered_with_peers_of_the_askers_family()
    {
        Announce(Asker, 1);
        Announce(PeerAddress.From(IPAddress.Parse("2001:db8::1"), 5000), 2);
        byte[] answer = Announce(PeerAddress.From(IPAddress.Parse("192.0.2.9"), 6000), 3);
        Assert.Equal("00000001" + "0A0B0C0D" + "00000384" + "00000003" + "00000000" + "C0000201" + "0001", Convert.ToHexString(answer));
        answer = Announce(PeerAddress.From(IPAddress.Parse("2001:db8::9"), 6000), 4);
        Assert.Equal(20 + 18, answer.Length);
        Assert.Equal("20010DB8000000000000000000000001" + "0002", Convert.ToHexString(answer.AsSpan(20)));
        Assert.Equal((4, 2), (_swarms.Statistics.Peers, _swarms.Statistics.PeersV6));
    }

    [Fact]
    public void A_client_that_has_not_proven_its_address_is_sent_no_more_than_it_sent()
    {
        Random random = new(5);
        for (int i = 0; i < 20_000; i++)
        {
            byte[] datagram = new byte[random.Next(0, 200)];
            random.NextBytes(datagram);
            if (datagram.Length >= 16)
            {
                BinaryPrimitives.WriteUInt32BigEndian(datagram.AsSpan(8), (uint)random.Next(0, 5));
                if (random.Next(2) == 0)
                    BinaryPrimitives.WriteUInt64BigEndian(datagram, 0x41727101980);
            }

            Assert.InRange(Answer(datagram, Asker).Length, 0, datagram.Length);
        }

        Assert.Equal(0, _swarms.Statistics.Announces);
        Assert.InRange(_swarms.Statistics.UdpDropped, 1, 20_000);
    }

    [Theory]
    [InlineData("", null)]
    [InlineData("0201" + "2F", null)]
    [InlineData("0101" + "0209" + "2F616E6E6F756E6365", null)]
    [InlineData("0205" + "2F616E6E6F" + "0208" + "756E63653F783D79" + "00FF", null)]
    [InlineData("0703AABBCC" + "0209" + "2F616E6E6F756E6365", null)]
    [InlineData("0204" + "2F666F6F", "this tracker answers at /announce")]
    [InlineData("02", "the options are cut off")]
    [InlineData("02052F61", "the options are cut off")]
    public void Options_contain_the_path(string options, string? refusal)
    {
        byte[] answer = Answer([.. NewAnnounce(Asker, 1), .. Convert.FromHexString(options)], Asker);
        Assert.Equal(refusal, answer[3] == 3 ? Encoding.ASCII.GetString(answer.AsSpan(8)) : null);
    }

    [Fact]
    public void A_url_in_many_options_is_bounded()
    {
        byte[] options = [.. Enumerable.Repeat<byte[]>([2, 200, .. Enumerable.Repeat((byte)'/', 200)], 6).SelectMany(option => option)];
        Assert.Equal("the URL is too long", Encoding.ASCII.GetString(Answer([.. NewAnnounce(Asker, 1), .. options], Asker).AsSpan(8)));
    }

    [Theory]
    [InlineData(97, "the announce is cut off")]
    [InlineData(36, "the announce is cut off")]
    public void A_request_that_is_cut_off_is_refused(int length, string words) =>
        Assert.Equal(words, Encoding.ASCII.GetString(Answer(NewAnnounce(Asker, 1)[..length], Asker).AsSpan(8)));

    [Fact]
    public void An_id_that_is_wrong_is_refused_in_words_that_clients_know()
    {
        byte[] announce = NewAnnounce(Asker, 1);
        announce[0] ^= 1;
        byte[] answer = Answer(announce, Asker);
        Assert.Equal("00000003" + "0A0B0C0D", Convert.ToHexString(answer.AsSpan(0, 8)));
        Assert.Contains("connection", Encoding.ASCII.GetString(answer.AsSpan(8)), StringComparison.Ordinal);
        Assert.Equal(1, _swarms.Statistics.Refused);
    }

    [Fact]
    public void A_scrape_returns_numbers_in_the_order_of_the_request_and_not_for_too_many()
    {
        Announce(Asker, 1);
        byte[] header = NewAnnounce(Asker, 1)[..16];
        header[11] = 2;
        byte[] known = new InfoHash("aaaaaaaaaaaaaaaaaaaa"u8).ToArray();
        byte[] answer = Answer([.. header, .. new byte[20], .. known], Asker);
        Assert.Equal("00000002" + "0A0B0C0D" + new string('0', 24) + "00000000" + "00000000" + "00000001", Convert.ToHexString(answer));
        Assert.Equal(3, Answer([.. header, .. new byte[20 * 117]], Asker)[3]);
        Assert.Equal(3, Answer([.. header, .. new byte[21]], Asker)[3]);
        Assert.Equal(3, Answer(header, Asker)[3]);
        Assert.Equal(8 + (12 * 116), Answer([.. header, .. new byte[20 * 116]], Asker).Length);
    }

    [Fact]
    public void An_embedder_that_cannot_say_what_is_served_refuses_and_ends_nothing()
    {
        SharedSwarms swarms = new(new SwarmStore(Options with { Allows = _ => throw new TimeoutException() }, new Random(1)));
        byte[] answer = new byte[UdpApplication.MaxLength];
        int length = new UdpApplication(swarms, _ids, Options).Answer(NewAnnounce(Asker, 1), Asker, answer);
        Assert.Equal("this tracker cannot tell now whether it serves the torrent", Encoding.ASCII.GetString(answer.AsSpan(8, length - 8)));
        Assert.Equal(1, swarms.Statistics.Refused);
    }

    [Fact]
    public void Answers_fit_into_a_datagram_however_many_peers_are_wanted()
    {
        for (int i = 1; i <= 300; i++)
            Announce(PeerAddress.From(IPAddress.Parse($"2001:db8:{i:x}::1"), 5000), (ushort)i);
        Assert.Equal(20 + (76 * 18), Announce(PeerAddress.From(IPAddress.Parse("2001:db8:fff::9"), 6000), 4).Length);
    }

    private byte[] Announce(PeerAddress asker, ushort port) => Answer(NewAnnounce(asker, port), asker);

    private byte[] NewAnnounce(PeerAddress asker, ushort port)
    {
        byte[] announce = new byte[98];
        BinaryPrimitives.WriteUInt64BigEndian(announce, _ids.For(asker, _swarms.Now));
        BinaryPrimitives.WriteUInt32BigEndian(announce.AsSpan(8), 1);
        BinaryPrimitives.WriteUInt32BigEndian(announce.AsSpan(12), 0x0A0B0C0D);
        "aaaaaaaaaaaaaaaaaaaa"u8.CopyTo(announce.AsSpan(16));
        announce[71] = 1;
        BinaryPrimitives.WriteInt32BigEndian(announce.AsSpan(92), int.MaxValue);
        BinaryPrimitives.WriteUInt16BigEndian(announce.AsSpan(96), port);
        return announce;
    }

    private byte[] Answer(byte[] datagram, PeerAddress asker)
    {
        byte[] answer = new byte[UdpApplication.MaxLength];
        int length = new UdpApplication(_swarms, _ids, Options).Answer(datagram, asker, answer);
        return answer[..length];
    }
}

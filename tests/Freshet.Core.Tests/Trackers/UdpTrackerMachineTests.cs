using System.Net;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

public class UdpTrackerMachineTests
{
    private static readonly byte[] Peers = Convert.FromHexString("00000708" + "00000002" + "00000005" + "7F0000011AE1" + "0A0000020050");
    private static readonly InfoHash Other = new("bbbbbbbbbbbbbbbbbbbb"u8);

    private readonly UdpTrackerRig _rig = new();

    // BEP 15's tables, byte by byte.
    [Fact]
    public void An_announce_is_a_connect_and_an_announce()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce(announceEvent: AnnounceEvent.Started));
        Assert.Equal("0000041727101980" + "00000000", Hex(0, 0, 12));
        Assert.Equal(16, _rig.Sent[0].Datagram.Length);
        _rig.Connect();
        byte[] announce = _rig.Sent[1].Datagram;
        Assert.Equal(98, announce.Length);
        Assert.Equal(
            "1122334455667788" + "00000001" + Hex(1, 12, 4) + Convert.ToHexString("aaaaaaaaaaaaaaaaaaaa"u8)
            + Convert.ToHexString("-FR0100-abcdefghijkl"u8) + "0000000000000001" + "0000000000000002" + "0000000000000003"
            + "00000002" + "00000000" + "C0FFEE11" + "00000032" + "1AE1",
            Convert.ToHexString(announce));
        _rig.Answer(Peers);
        AnnounceResponse answer = (AnnounceResponse)_rig.Results[query];
        Assert.Equal((TimeSpan.FromMinutes(30), 2, 5), (answer.Interval, answer.Leechers, answer.Seeders));
        Assert.Equal(["127.0.0.1:6881", "10.0.0.2:80"], answer.Peers.Select(peer => peer.EndPoint.ToString()));
        Assert.Equal(0, _rig.Machine.Count);
    }

    [Theory]
    [InlineData(AnnounceEvent.None, 0)]
    [InlineData(AnnounceEvent.Completed, 1)]
    [InlineData(AnnounceEvent.Started, 2)]
    [InlineData(AnnounceEvent.Stopped, 3)]
    [InlineData(AnnounceEvent.Paused, 0)]
    public void Events_have_numbers(AnnounceEvent announceEvent, int number)
    {
        _rig.Ask(UdpTrackerRig.Announce(announceEvent: announceEvent));
        _rig.Connect();
        Assert.Equal(number.ToString("X8", null), Hex(1, 80, 4));
        Assert.Equal(announceEvent == AnnounceEvent.Stopped ? "00000000" : "00000032", Hex(1, 92, 4));
    }

    [Fact]
    public void A_tracker_on_ipv6_answers_with_peers_of_18_bytes()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce(IPEndPoint.Parse("[2001:db8::1]:6969")));
        _rig.Connect();
        _rig.Answer([.. Peers[..12], .. Convert.FromHexString("20010DB8000000000000000000000002" + "1AE1")]);
        AnnounceResponse answer = (AnnounceResponse)_rig.Results[query];
        Assert.Equal("[2001:db8::2]:6881", Assert.Single(answer.Peers).EndPoint.ToString());
    }

    // BEP 41: type 2, length, bytes; a long URL takes several options.
    [Fact]
    public void Path_and_query_are_sent()
    {
        _rig.Ask(UdpTrackerRig.Announce(urlData: "/dir?a=b&c=d"));
        _rig.Connect();
        Assert.Equal("020C" + Convert.ToHexString("/dir?a=b&c=d"u8), Hex(1, 98, _rig.Sent[1].Datagram.Length - 98));
        string longest = "/" + new string('x', TrackerLimits.MaxUdpUrlLength - 1);
        _rig.Ask(UdpTrackerRig.Announce(urlData: longest));
        byte[] announce = _rig.Sent[2].Datagram;
        Assert.Equal(98 + longest.Length + 10, announce.Length);
        Assert.Equal((2, 255), (announce[98], announce[99]));
        Assert.Equal((2, 255), (announce[98 + 257], announce[98 + 258]));
        Assert.Equal((2, 4), (announce[98 + (4 * 257)], announce[98 + (4 * 257) + 1]));
    }

    [Fact]
    public void A_scrape_returns_the_numbers_of_everything_that_was_requested()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Scrape(UdpTrackerRig.Hash, Other));
        _rig.Connect();
        Assert.Equal("1122334455667788" + "00000002" + Hex(1, 12, 4) + string.Concat(Enumerable.Repeat("61", 20))
            + string.Concat(Enumerable.Repeat("62", 20)), Convert.ToHexString(_rig.Sent[1].Datagram));
        _rig.Answer(Convert.FromHexString("00000001" + "00000002" + "00000003" + "00000004" + "00000005" + "00000006"));
        ScrapeResponse answer = (ScrapeResponse)_rig.Results[query];
        Assert.Equal(new ScrapedSwarm(1, 3, 2, null), answer.Swarms[UdpTrackerRig.Hash]);
        Assert.Equal(new ScrapedSwarm(4, 6, 5, null), answer.Swarms[Other]);
    }

    [Fact]
    public void A_connection_id_serves_all_torrents_of_the_tracker_for_a_minute()
    {
        _rig.Ask(UdpTrackerRig.Announce());
        _rig.Ask(UdpTrackerRig.Announce());
        Assert.Single(_rig.Sent);
        _rig.Connect();
        Assert.Equal(3, _rig.Sent.Count);
        AnswerAll();
        _rig.Pass(59.9);
        _rig.Ask(UdpTrackerRig.Announce());
        Assert.False(UdpTrackerRig.IsConnect(_rig.Sent[^1].Datagram));
        AnswerAll();
        _rig.Pass(0.1);
        _rig.Ask(UdpTrackerRig.Announce());
        Assert.True(UdpTrackerRig.IsConnect(_rig.Sent[^1].Datagram));
    }

    // BEP 15: 15 · 2^n seconds, n up to 8. A query is given up sooner, but the tracker's back-off goes on.
    [Fact]
    public void A_silent_tracker_is_sent_a_connect_at_growing_intervals_however_many_ask()
    {
        double[] expected = [0, 15, 45, 105, 225, 465, 945, 1905, 3825, 7665, 11505];
        for (int minute = 0; minute < 200; minute++)
        {
            for (int i = 0; i < 20; i++)
                _rig.Ask(UdpTrackerRig.Announce());
            _rig.Pass(60);
        }

        double[] sent = [.. _rig.SecondsOf(UdpTrackerRig.IsConnect)];
        Assert.Equal(expected.Length, sent.Length);
        Assert.All(expected.Zip(sent), pair => Assert.InRange(pair.Second, pair.First, pair.First + 60 + pair.First / 10));
        Assert.Equal([0, 15], sent[..2]);
        Assert.Equal(4_000, _rig.Results.Values.Count(result => result is (string, true)));
        Assert.Equal(0, _rig.Machine.Count);
    }

    [Fact]
    public void A_query_is_given_up_after_the_first_two_waits_and_at_once_if_it_cannot_be_sent_by_then()
    {
        UdpTrackerQuery first = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Pass(44.9);
        Assert.Empty(_rig.Results);
        _rig.Pass(0.1);
        Assert.Equal(("did not answer within 45 seconds", true), _rig.Results[first]);
        _rig.Ask(UdpTrackerRig.Announce());
        Assert.Equal(3, _rig.Sent.Count);
        UdpTrackerQuery late = _rig.Ask(UdpTrackerRig.Announce());
        Assert.Equal(("did not answer 3 times in a row, and is asked again in 1 minutes", true), _rig.Results[late]);
        _rig.Pass(20);
        _rig.Connect();
        Assert.False(UdpTrackerRig.IsConnect(_rig.Sent[^1].Datagram));
        _rig.Answer(Peers);
        Assert.False(_rig.Machine.IsSilent(UdpTrackerRig.Server));
    }

    [Fact]
    public void A_lost_announce_is_sent_again_with_a_new_connection_id_and_late_answers_count()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        byte[] first = _rig.Sent[1].Datagram;
        _rig.Pass(15);
        Assert.True(UdpTrackerRig.IsConnect(_rig.Sent[2].Datagram));
        _rig.Connect(0x99);
        Assert.Equal("0000000000000099" + "00000001" + Convert.ToHexString(first.AsSpan(12, 4)), Hex(3, 0, 16));
        Assert.Equal(first.AsSpan(16), _rig.Sent[3].Datagram.AsSpan(16));
        _rig.Answer(first, Peers, null, UdpTrackerRig.Server);
        Assert.IsType<AnnounceResponse>(_rig.Results[query]);
        _rig.Pass(100);
        Assert.Equal(4, _rig.Sent.Count);
    }

    [Fact]
    public void Answers_from_strangers_and_to_no_query_change_nothing()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        IPEndPoint[] strangers =
            [IPEndPoint.Parse("192.0.2.2:6969"), IPEndPoint.Parse("192.0.2.1:6970"), IPEndPoint.Parse("[2001:db8::1]:6969")];
        byte[] id = [1, 2, 3, 4, 5, 6, 7, 8];
        foreach (IPEndPoint stranger in strangers)
            _rig.Answer(id, null, stranger);
        byte[] wrong = [.. _rig.Sent[0].Datagram.AsSpan(8, 7), (byte)(_rig.Sent[0].Datagram[15] ^ 1), .. id];
        _rig.Machine.OnDatagram(wrong, UdpTrackerRig.Server, _rig.Now);
        _rig.Answer(id, UdpTrackerAction.Announce);
        _rig.Machine.OnDatagram([], UdpTrackerRig.Server, _rig.Now);
        Assert.Single(_rig.Sent);
        _rig.Connect();
        foreach (IPEndPoint stranger in strangers)
            _rig.Answer("the torrent is not registered"u8, UdpTrackerAction.Error, stranger);
        Assert.Empty(_rig.Results);
        _rig.Answer(Peers);
        Assert.IsType<AnnounceResponse>(_rig.Results[query]);

        // It has been answered: the same datagram again answers nothing.
        Assert.False(_rig.Machine.IsAnswer([.. _rig.Sent[1].Datagram.AsSpan(8, 8), .. Peers], UdpTrackerRig.Server));
    }

    [Fact]
    public void An_error_is_a_refusal_in_words_without_control_characters()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        _rig.Answer("<b>no</b>\u001b[2J\0\0"u8, UdpTrackerAction.Error);
        Assert.Equal("<b>no</b>\uFFFD[2J", ((AnnounceResponse)_rig.Results[query]).FailureReason);
    }

    [Fact]
    public void A_refused_connect_fails_all_who_wait()
    {
        UdpTrackerQuery[] queries = [_rig.Ask(UdpTrackerRig.Announce()), _rig.Ask(UdpTrackerRig.Scrape(Other))];
        _rig.Answer("go away"u8, UdpTrackerAction.Error);
        Assert.All(queries, query => Assert.Equal(("go away", false), _rig.Results[query]));
    }

    // opentracker says "Connection ID missmatch.", others something like it.
    [Fact]
    public void A_tracker_that_has_forgotten_the_connection_id_is_asked_once_with_a_new_one()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        _rig.Answer("Connection ID missmatch.\0"u8, UdpTrackerAction.Error);
        Assert.Empty(_rig.Results);
        _rig.Connect(0x77);
        Assert.Equal("0000000000000077", Hex(3, 0, 8));
        _rig.Answer("Connection ID missmatch.\0"u8, UdpTrackerAction.Error);
        Assert.Equal("Connection ID missmatch.", ((AnnounceResponse)_rig.Results[query]).FailureReason);
    }

    [Theory]
    [InlineData("too many connections from your address")]
    [InlineData("connection refused by the administrator")]
    public void Other_refusals_that_have_the_word_are_no_reason_to_ask_again(string refusal)
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        _rig.Answer(Encoding.ASCII.GetBytes(refusal), UdpTrackerAction.Error);
        Assert.Equal(refusal, ((AnnounceResponse)_rig.Results[query]).FailureReason);
    }

    [Theory]
    [InlineData("bad connection_id")]
    [InlineData("Invalid ConnectionId")]
    [InlineData("the connection has expired")]
    [InlineData("connection cookie is not valid")]
    public void Whoever_has_forgotten_the_connection_id_says_so_in_many_words(string refusal)
    {
        _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        _rig.Answer(Encoding.ASCII.GetBytes(refusal), UdpTrackerAction.Error);
        Assert.Empty(_rig.Results);
    }

    [Fact]
    public void A_late_complaint_about_the_id_finds_the_query_waiting_for_a_new_one()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        byte[] first = _rig.Sent[1].Datagram;
        _rig.Pass(15);
        _rig.Answer(first, "Connection ID missmatch."u8, UdpTrackerAction.Error, UdpTrackerRig.Server);
        Assert.Empty(_rig.Results);
        _rig.Connect();
        _rig.Answer(Peers);
        Assert.IsType<AnnounceResponse>(_rig.Results[query]);
    }

    [Theory]
    [InlineData("", "the answer to an announce is 8 bytes and not 20 or more")]
    [InlineData("0000070800000001", "the answer to an announce is 16 bytes and not 20 or more")]
    [InlineData("0000070800000001000000017F0000011AE1FF", "the list of peers is 7 bytes, which is not a multiple of 6")]
    public void An_invalid_answer_is_a_failure_in_words(string hex, string words)
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        _rig.Answer(Convert.FromHexString(hex));
        Assert.Equal((words, false), _rig.Results[query]);
    }

    [Theory]
    [InlineData("00000000", 30)]
    [InlineData("FFFFFFFF", 30)]
    [InlineData("80000000", 30)]
    [InlineData("7FFFFFFF", 360)]
    [InlineData("00000001", 0.5)]
    public void Hostile_intervals_are_kept_within_the_limits(string interval, double minutes)
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        _rig.Answer(Convert.FromHexString(interval + "0000000100000001"));
        Assert.Equal(TimeSpan.FromMinutes(minutes), AnnounceTimes.Interval((AnnounceResponse)_rig.Results[query]));
    }

    [Fact]
    public void Thousands_of_torrents_share_a_tracker_in_small_steps_and_more_are_refused()
    {
        List<UdpTrackerQuery> queries = [];
        for (int i = 0; i < TrackerLimits.MaxUdpQueries; i++)
            queries.Add(_rig.Ask(UdpTrackerRig.Announce()));
        Assert.False(_rig.Machine.TryAsk(UdpTrackerRig.Announce(), _rig.Now));
        Assert.Single(_rig.Sent);
        _rig.Connect();
        Assert.Equal(1 + TrackerLimits.MaxUdpInFlight, _rig.Sent.Count);
        AnswerAll();
        Assert.Equal(queries.Count, _rig.Results.Count);
        Assert.All(queries, query => Assert.IsType<AnnounceResponse>(_rig.Results[query]));
        Assert.Equal(1 + queries.Count, _rig.Sent.Count);
    }

    [Fact]
    public void What_is_known_about_trackers_is_bounded()
    {
        for (int i = 0; i < 2 * TrackerLimits.MaxRememberedHosts; i++)
        {
            UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce(new IPEndPoint(new IPAddress(i + 1), 6969)));
            _rig.Machine.Cancel(query, _rig.Now);
        }

        // The first was forgotten, so its late answer means nothing; the last was not.
        Assert.False(_rig.Machine.IsAnswer([.. _rig.Sent[0].Datagram.AsSpan(8, 8), .. new byte[8]], _rig.Sent[0].Server));
        Assert.True(_rig.Machine.IsAnswer([.. _rig.Sent[^1].Datagram.AsSpan(8, 8), .. new byte[8]], _rig.Sent[^1].Server));
        Assert.Equal(0, _rig.Machine.Count);
    }

    [Fact]
    public void A_cancelled_query_is_not_reported()
    {
        UdpTrackerQuery query = _rig.Ask(UdpTrackerRig.Announce());
        _rig.Connect();
        byte[] sent = _rig.Sent[^1].Datagram;
        _rig.Machine.Cancel(query, _rig.Now);
        _rig.Answer(sent, Peers, null, UdpTrackerRig.Server);
        _rig.Pass(1_000);
        Assert.Empty(_rig.Results);
        Assert.Equal(2, _rig.Sent.Count);
    }

    // Whatever a tracker answers, every query ends, once.
    [Fact]
    public void Every_query_ends_whatever_is_answered()
    {
        Random random = new(11);
        int asked = 0;
        for (int round = 0; round < 3_000; round++)
        {
            IPEndPoint server = new(IPAddress.Parse($"192.0.2.{random.Next(1, 4)}"), 6969);
            if (random.Next(3) == 0 && _rig.Machine.TryAsk(UdpTrackerRig.Announce(server), _rig.Now))
                asked++;
            byte[] bytes = new byte[random.Next(0, 40)];
            random.NextBytes(bytes);
            if (_rig.Sent.Count > 0 && random.Next(2) == 0)
            {
                (_, byte[] datagram, IPEndPoint to) = _rig.Sent[random.Next(Math.Max(0, _rig.Sent.Count - 20), _rig.Sent.Count)];
                _rig.Answer(datagram, bytes, random.Next(3) == 0 ? (UdpTrackerAction)random.Next(5) : null, to);
            }

            _rig.Pass(random.NextDouble() * 4);
        }

        _rig.Pass(100);
        Assert.Equal(asked, _rig.Results.Count);
        Assert.Equal(0, _rig.Machine.Count);
        Assert.Equal(Freshet.Core.Rates.Timestamp.Never, _rig.Machine.NextDue);
    }

    private string Hex(int sent, int start, int length) => Convert.ToHexString(_rig.Sent[sent].Datagram.AsSpan(start, length));

    private void AnswerAll()
    {
        for (int i = 0; i < _rig.Sent.Count; i++)
        {
            if (!UdpTrackerRig.IsConnect(_rig.Sent[i].Datagram))
                _rig.Answer(_rig.Sent[i].Datagram, Peers, null, _rig.Sent[i].Server);
        }
    }
}

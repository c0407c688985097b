using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

public class AnnounceScheduleTests
{
    private const AnnounceFamily Any = AnnounceFamily.Any;
    private static readonly InfoHash Swarm = new("aaaaaaaaaaaaaaaaaaaa"u8);
    private const int NotSaid = -1;
    private const string A = "http://a.example/announce";
    private const string B = "http://b.example/announce";
    private const string C = "https://c.example/announce";

    private static readonly AnnounceResponse HalfHour = new()
    {
        Interval = TimeSpan.FromMinutes(30),
        MinInterval = TimeSpan.FromMinutes(10),
    };

    private readonly List<DueAnnounce> _due = [];
    private Timestamp _now = new(TimeSpan.TicksPerHour);

    [Fact]
    public void The_first_tracker_hears_started_and_then_regular_announces_at_its_interval()
    {
        AnnounceSchedule schedule = Started([A], [B]);
        Assert.Equal((A, AnnounceEvent.Started), TakeOne(schedule));
        Assert.Empty(Take(schedule));
        Assert.True(schedule.OnResponse(To(A), HalfHour, _now));

        Assert.Equal(_now + TimeSpan.FromMinutes(30), schedule.NextDue);
        Assert.Empty(Take(schedule, TimeSpan.FromMinutes(29)));
        Assert.Equal((A, AnnounceEvent.None), TakeOne(schedule, TimeSpan.FromMinutes(1)));
    }

    // BEP 12, the second example: with tracker1 and tracker2 down, the order becomes 3, 2, 1.
    [Fact]
    public void A_tracker_that_answers_moves_to_the_front_of_its_tier()
    {
        AnnounceSchedule schedule = Started([A, B, C]);
        string[] shuffled = [.. schedule.Statuses(_now).Select(status => status.Url)];
        foreach (int reached in (int[])[1, 2])
        {
            string[] tried = [.. schedule.Statuses(_now).Select(status => status.Url).Take(reached + 1)];
            foreach (string down in tried[..^1])
            {
                Assert.Equal(down, TakeOne(schedule).Tracker);
                schedule.OnFailure(To(down), "down", _now);
            }

            Assert.Equal(tried[^1], TakeOne(schedule).Tracker);
            schedule.OnResponse(To(tried[^1]), HalfHour, _now);
            _now = schedule.NextDue;
        }

        Assert.Equal([shuffled[2], shuffled[1], shuffled[0]], schedule.Statuses(_now).Select(status => status.Url));
    }

    // BEP 12, the third example.
    [Fact]
    public void The_next_tier_is_tried_only_when_the_whole_tier_has_failed()
    {
        AnnounceSchedule schedule = Started([A, B], [C]);
        HashSet<string> first = [];
        for (int i = 0; i < 2; i++)
        {
            string tried = TakeOne(schedule).Tracker;
            first.Add(tried);
            schedule.OnFailure(To(tried), "refused", _now);
        }

        Assert.Equal([A, B], first.Order());
        Assert.Equal((C, AnnounceEvent.Started), TakeOne(schedule));
        schedule.OnResponse(To(C), HalfHour, _now);

        // The next announce starts at the top again.
        Assert.NotEqual(C, TakeOne(schedule, TimeSpan.FromMinutes(30)).Tracker);
    }

    [Fact]
    public void Tiers_are_shuffled_with_the_given_randomness()
    {
        HashSet<string> orders = [];
        for (int seed = 0; seed < 50; seed++)
        {
            AnnounceSchedule schedule = new([[A, B, C]], [Swarm], [Any], default, new Random(seed));
            orders.Add(string.Join(' ', schedule.Statuses(_now).Select(status => status.Url)));
        }

        Assert.Equal(6, orders.Count);
    }

    [Theory]
    [InlineData(AnnounceScope.FirstThatAnswers, 1)]
    [InlineData(AnnounceScope.EachTier, 2)]
    [InlineData(AnnounceScope.All, 3)]
    public void The_scope_says_how_many_trackers_are_announced_to(AnnounceScope scope, int announces)
    {
        AnnounceSchedule schedule = new([[A, B], [C]], [Swarm], [Any], scope, new Random(1));
        schedule.Start(_now);
        List<DueAnnounce> due = Take(schedule);
        Assert.Equal(announces, due.Count);
        Assert.All(due, announce => Assert.Equal(AnnounceEvent.Started, announce.Event));
    }

    [Fact]
    public void Failures_back_off_longer_and_longer_up_to_a_limit()
    {
        AnnounceSchedule schedule = new([[A]], [Swarm], [Any], default, new Random(1));
        schedule.Start(_now);
        List<double> waits = [];
        for (int i = 0; i < 30; i++)
        {
            Assert.Equal((A, AnnounceEvent.Started), TakeOne(schedule));
            schedule.OnFailure(To(A), "no route", _now);
            waits.Add((schedule.NextDue - _now).TotalSeconds);
            _now = schedule.NextDue;
        }

        Assert.InRange(waits[0], 7, 13);
        Assert.All(Enumerable.Range(1, 8), i => Assert.True(waits[i] > waits[i - 1]));
        Assert.All(waits, wait => Assert.InRange(wait, 7, 1.25 * 3600));
        Assert.True(waits[9..].Distinct().Count() > 10, "the times are spread");

        TakeOne(schedule);
        schedule.OnResponse(To(A), HalfHour, _now);
        _now = schedule.NextDue;
        TakeOne(schedule);
        schedule.OnFailure(To(A), "no route", _now);
        Assert.InRange((schedule.NextDue - _now).TotalSeconds, 7, 13);
    }

    [Theory]
    [InlineData(0, NotSaid, 30 * 60)]
    [InlineData(-5, NotSaid, 30 * 60)]
    [InlineData(1, NotSaid, 30)]
    [InlineData(900, NotSaid, 900)]
    [InlineData(900, 1200, 1200)]
    [InlineData(10 * 365 * 86_400, NotSaid, 6 * 3600)]
    [InlineData(900, 10 * 365 * 86_400, 6 * 3600)]
    public void Intervals_are_kept_within_the_limits(int interval, int minInterval, int expected)
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.OnResponse(To(A), new() { Interval = TimeSpan.FromSeconds(interval), MinInterval = Seconds(minInterval) }, _now);
        Assert.Equal(_now + TimeSpan.FromSeconds(expected), schedule.NextDue);
    }

    [Theory]
    [InlineData(1800, 600, 600)]
    [InlineData(1800, NotSaid, 300)]
    [InlineData(1800, 0, 300)]
    [InlineData(1800, 5, 60)]
    [InlineData(60, NotSaid, 60)]
    public void More_peers_are_requested_as_soon_as_the_min_interval_allows(int interval, int minInterval, int expected)
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.OnResponse(To(A), new() { Interval = TimeSpan.FromSeconds(interval), MinInterval = Seconds(minInterval) }, _now);
        schedule.WantPeers();
        Assert.Empty(Take(schedule, TimeSpan.FromSeconds(expected - 1)));
        Assert.Equal((A, AnnounceEvent.None), TakeOne(schedule, TimeSpan.FromSeconds(1)));

        // Asked and answered: the next one is a regular one.
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.Equal(_now + TimeSpan.FromMinutes(30), schedule.NextDue);
    }

    // Below ten peers a torrent wants more at every tick: the tracker's min interval must not become the rhythm in which it is asked.
    [Fact]
    public void A_torrent_that_never_has_enough_peers_asks_early_less_and_less_often()
    {
        AnnounceSchedule schedule = Started([A]);
        List<double> minutes = [];
        for (int i = 0; i < 7; i++)
        {
            TakeOne(schedule);
            schedule.OnResponse(To(A), new() { Interval = TimeSpan.FromMinutes(30), MinInterval = TimeSpan.FromMinutes(2) }, _now);
            schedule.WantPeers();
            minutes.Add((schedule.NextDue - _now).TotalMinutes);
            _now = schedule.NextDue;
        }

        Assert.Equal([2, 4, 8, 16, 30, 30, 30], minutes);

        // After an announce at the regular time without need, it may ask early again.
        TakeOne(schedule);
        schedule.OnResponse(To(A), HalfHour, _now);
        TakeOne(schedule, TimeSpan.FromMinutes(30));
        schedule.OnResponse(To(A), HalfHour, _now);
        schedule.WantPeers();
        Assert.Equal(_now + TimeSpan.FromMinutes(10), schedule.NextDue);
    }

    [Fact]
    public void Regular_announces_are_spread_and_never_early()
    {
        double[] minutes = [.. Enumerable.Range(0, 200).Select(seed =>
        {
            AnnounceSchedule schedule = new([[A]], [Swarm], [Any], default, new Random(seed));
            schedule.Start(_now);
            TakeOne(schedule);
            schedule.OnResponse(To(A), HalfHour, _now);
            return (schedule.NextDue - _now).TotalMinutes;
        })];
        Assert.All(minutes, waited => Assert.InRange(waited, 30, 30 * 17 / 16.0));
        Assert.True(minutes.Max() - minutes.Min() > 1.5, "the times are spread");
    }

    [Fact]
    public void A_person_may_announce_as_soon_as_the_min_interval_allows_and_despite_our_own_back_off()
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.OnFailure(To(A), "down", _now);
        Assert.Empty(Take(schedule));
        schedule.Reannounce();
        TakeOne(schedule);
        schedule.OnResponse(To(A), HalfHour, _now);
        schedule.Reannounce();
        Assert.Empty(Take(schedule, TimeSpan.FromMinutes(9)));
        TakeOne(schedule, TimeSpan.FromMinutes(1));
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.Equal(_now + TimeSpan.FromMinutes(30), schedule.NextDue);
    }

    // The minute that we wait at least for more peers is our own patience, not the tracker's.
    [Theory]
    [InlineData(1800, 5, 5)]
    [InlineData(1800, 600, 600)]
    [InlineData(1800, NotSaid, 300)]
    [InlineData(1800, 0, 300)]
    [InlineData(1800, 3600, 3600)]
    public void A_person_waits_for_the_min_interval_of_the_tracker_alone(int interval, int minInterval, int expected)
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.OnResponse(To(A), new() { Interval = TimeSpan.FromSeconds(interval), MinInterval = Seconds(minInterval) }, _now);
        schedule.Reannounce();
        Assert.Equal(_now + TimeSpan.FromSeconds(expected), schedule.NextDue);
        Assert.Empty(Take(schedule, TimeSpan.FromSeconds(expected - 1)));
        Assert.Equal((A, AnnounceEvent.None), TakeOne(schedule, TimeSpan.FromSeconds(1)));
    }

    // Our own queue was too long, which is not the tracker's failure.
    [Fact]
    public void A_postponed_announce_is_tried_again_with_the_same_tracker_and_is_not_a_failure()
    {
        AnnounceSchedule schedule = Started([A], [B]);
        TakeOne(schedule);
        Assert.True(schedule.OnPutOff(To(A), _now));
        Assert.False(schedule.OnPutOff(To(A), _now));
        Assert.Equal((TrackerState.Idle, 0, null), StateOf(schedule.Statuses(_now)[0]));
        Assert.InRange((schedule.NextDue - _now).TotalSeconds, 60, 130);
        Assert.Empty(Take(schedule));
        _now = schedule.NextDue;
        Assert.Equal((A, AnnounceEvent.Started), TakeOne(schedule));
    }

    [Fact]
    public void A_run_that_ends_before_its_first_announce_sends_no_farewell()
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.Stop(_now);
        Assert.True(schedule.OnPutOff(To(A), _now));
        Assert.Empty(Take(schedule));
        Assert.True(schedule.HasLeft);
    }

    [Fact]
    public void Completed_is_announced_at_once_and_once()
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.OnResponse(To(A), HalfHour, _now);
        schedule.Complete();
        Assert.Equal((A, AnnounceEvent.Completed), TakeOne(schedule));
        schedule.OnFailure(To(A), "busy", _now);
        Assert.Equal((A, AnnounceEvent.Completed), TakeOne(schedule, TimeSpan.FromSeconds(15)));
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.Equal((A, AnnounceEvent.None), TakeOne(schedule, TimeSpan.FromMinutes(30)));
    }

    [Fact]
    public void Completed_before_the_first_answer_follows_started()
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.Complete();
        Assert.Empty(Take(schedule));
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.Equal((A, AnnounceEvent.Completed), TakeOne(schedule));
    }

    [Fact]
    public void Stopped_is_sent_to_those_that_received_started_and_is_tried_once()
    {
        AnnounceSchedule schedule = new([[A], [B], [C]], [Swarm], [Any], AnnounceScope.All, new Random(1));
        schedule.Start(_now);
        Assert.Equal(3, Take(schedule).Count);
        schedule.OnResponse(To(A), HalfHour, _now);
        schedule.OnFailure(To(B), "down", _now);
        schedule.OnResponse(To(C), HalfHour, _now);
        schedule.Stop(_now);
        Assert.False(schedule.HasLeft);
        Assert.Equal([(A, AnnounceEvent.Stopped), (C, AnnounceEvent.Stopped)], Take(schedule).Select(Pair).Order());
        schedule.OnResponse(To(A), HalfHour, _now);
        schedule.OnFailure(To(C), "down", _now);
        Assert.True(schedule.HasLeft);
        Assert.Empty(Take(schedule, TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Stopped_waits_for_the_answer_to_started()
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.Stop(_now);
        Assert.Empty(Take(schedule));
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.Equal((A, AnnounceEvent.Stopped), TakeOne(schedule));
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.True(schedule.HasLeft);
    }

    [Fact]
    public void A_new_run_announces_started_again_after_the_farewell_is_answered()
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.OnResponse(To(A), HalfHour, _now);
        schedule.Stop(_now);
        Assert.Equal((A, AnnounceEvent.Stopped), TakeOne(schedule));
        schedule.Start(_now);
        Assert.Empty(Take(schedule));
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.Equal((A, AnnounceEvent.Started), TakeOne(schedule));
    }

    // BEP 21: in every announce while we are a partial seed.
    [Fact]
    public void A_partial_seed_announces_paused()
    {
        AnnounceSchedule schedule = Started([A]);
        schedule.IsPartialSeed = true;
        Assert.Equal((A, AnnounceEvent.Started), TakeOne(schedule));
        schedule.OnResponse(To(A), HalfHour, _now);
        Assert.Equal((A, AnnounceEvent.Paused), TakeOne(schedule, TimeSpan.FromMinutes(30)));
    }

    [Fact]
    public void After_a_refusal_the_next_tracker_is_tried_and_the_trackers_words_are_kept()
    {
        AnnounceSchedule schedule = Started([A], [B]);
        TakeOne(schedule);
        schedule.OnResponse(To(A), new() { FailureReason = "torrent not registered" }, _now);
        Assert.Equal((B, AnnounceEvent.Started), TakeOne(schedule));
        TrackerStatus status = schedule.Statuses(_now)[0];
        Assert.Equal((A, TrackerState.Failing, "torrent not registered", 1), (status.Url, status.State, status.Message, status.Failures));
    }

    // BEP 31: "retry in" in minutes, or never.
    [Fact]
    public void A_tracker_is_left_alone_as_long_as_it_says()
    {
        AnnounceSchedule schedule = Started([A]);
        TakeOne(schedule);
        schedule.OnResponse(To(A), new() { FailureReason = "Overloaded", RetryIn = TimeSpan.FromMinutes(50) }, _now);
        Assert.Equal(_now + TimeSpan.FromMinutes(50), schedule.NextDue);

        // Stopping and starting does not help.
        schedule.Stop(_now);
        schedule.Start(_now);
        Assert.Empty(Take(schedule, TimeSpan.FromMinutes(49)));
        Assert.Equal((A, AnnounceEvent.Started), TakeOne(schedule, TimeSpan.FromMinutes(1)));

        schedule.OnResponse(To(A), new() { FailureReason = "Not a tracker", RetryIn = Timeout.InfiniteTimeSpan }, _now);
        Assert.Empty(Take(schedule, TimeSpan.FromDays(400)));
        Assert.Equal(Timestamp.Never, schedule.NextDue);
        Assert.Equal((TrackerState.GivenUp, null), (schedule.Statuses(_now)[0].State, schedule.Statuses(_now)[0].NextAnnounce));
    }

    [Fact]
    public void A_tracker_that_never_answers_is_followed_by_the_next()
    {
        AnnounceSchedule schedule = Started([A], [B]);
        TakeOne(schedule);
        _now = schedule.NextDue;
        Assert.Equal((B, AnnounceEvent.Started), TakeOne(schedule));
        Assert.Contains("did not answer", schedule.Statuses(_now)[0].Message, StringComparison.Ordinal);
        Assert.False(schedule.OnResponse(To(A), HalfHour, _now));
    }

    [Fact]
    public void Trackers_that_cannot_be_announced_to_are_left_out_with_the_reason()
    {
        AnnounceSchedule schedule = Started(
            ["udp://u.example/announce", "wss://w.example", "no url", A, A],
            ["http://", "http:\\\\t.example", "http://[::1] :80/", $"http://\u00fc.{new string('a', 300)}/"]);
        Assert.Equal((A, AnnounceEvent.Started), TakeOne(schedule));
        TrackerStatus[] leftOut = [.. schedule.Statuses(_now).Where(status => status.State == TrackerState.Unsupported)];
        Assert.Equal(
            ["the URL of a UDP tracker needs a port, like udp://tracker.example:6969", "wss trackers are not supported"],
            leftOut[..2].Select(status => status.Message));
        Assert.Equal(5, leftOut.Count(status => status.Message == "this is not a URL"));
    }

    [Fact]
    public void Without_trackers_nothing_is_ever_due()
    {
        AnnounceSchedule schedule = Started();
        Assert.Empty(Take(schedule));
        Assert.Equal(Timestamp.Never, schedule.NextDue);
        schedule.Stop(_now);
        Assert.True(schedule.HasLeft);
    }

    [Fact]
    public void A_status_shows_counts_and_the_next_announce_and_the_tracker_id_is_repeated()
    {
        AnnounceSchedule schedule = Started([A]);
        Assert.Equal(TrackerState.Idle, schedule.Statuses(_now)[0].State);
        TakeOne(schedule);
        Assert.Equal(TrackerState.Announcing, schedule.Statuses(_now)[0].State);
        AnnouncedPeer peer = new(new IPEndPoint(IPAddress.Loopback, 1), null);
        schedule.OnResponse(
            To(A), HalfHour with { Seeders = 3, Leechers = 4, Warning = "slow today", TrackerId = "xyz"u8.ToArray(), Peers = [peer] },
            _now);
        TrackerStatus expected = new()
        {
            Url = A,
            Tier = 0,
            State = TrackerState.Working,
            Message = "slow today",
            LastAnnounce = TimeSpan.FromMinutes(10),
            NextAnnounce = TimeSpan.FromMinutes(20),
            Seeders = 3,
            Leechers = 4,
            Peers = 1,
        };
        Assert.Equal(expected, schedule.Statuses(_now + TimeSpan.FromMinutes(10))[0]);
        _now = schedule.NextDue;
        Assert.Equal("xyz"u8.ToArray(), Assert.Single(Take(schedule)).TrackerId!.Value.ToArray());
    }

    private static (TrackerState State, int Failures, string? Message) StateOf(TrackerStatus status) =>
        (status.State, status.Failures, status.Message);

    private static AnnounceTarget To(string tracker) => new(tracker, Any, Swarm);

    private static TimeSpan? Seconds(int seconds) => seconds == NotSaid ? null : TimeSpan.FromSeconds(seconds);

    private static (string Tracker, AnnounceEvent Event) Pair(DueAnnounce due) => (due.Target.Tracker, due.Event);

    private AnnounceSchedule Started(params string[][] tiers)
    {
        AnnounceSchedule schedule = new(
            [.. tiers.Select(tier => tier.ToImmutableArray())], [Swarm], [Any], AnnounceScope.FirstThatAnswers, new UnspreadRandom(1));
        schedule.Start(_now);
        return schedule;
    }

    private List<DueAnnounce> Take(AnnounceSchedule schedule, TimeSpan after = default)
    {
        _now += after;
        _due.Clear();
        schedule.Poll(_now, _due);
        return _due;
    }

    private (string Tracker, AnnounceEvent Event) TakeOne(AnnounceSchedule schedule, TimeSpan after = default) =>
        Pair(Assert.Single(Take(schedule, after)));
}

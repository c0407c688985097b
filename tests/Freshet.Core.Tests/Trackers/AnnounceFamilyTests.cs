using System.Collections.Immutable;
using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>A tracker is asked over both address families (BEP 7), but it is still one tracker.</summary>
public class AnnounceFamilyTests
{
    private const AnnounceFamily V4 = AnnounceFamily.IPv4;
    private const AnnounceFamily V6 = AnnounceFamily.IPv6;
    private static readonly InfoHash Swarm = new("aaaaaaaaaaaaaaaaaaaa"u8);
    private const string A = "http://a.example/announce";
    private const string B = "http://b.example/announce";

    private static readonly AnnounceResponse HalfHour = new()
    {
        Interval = TimeSpan.FromMinutes(30),
        MinInterval = TimeSpan.FromMinutes(10),
    };

    private Timestamp _now = new(TimeSpan.TicksPerHour);

    [Fact]
    public void A_tracker_is_sent_each_event_over_each_family()
    {
        AnnounceSchedule schedule = Started([A]);
        Assert.Equal([(A, V4, AnnounceEvent.Started), (A, V6, AnnounceEvent.Started)], Take(schedule));
        Answer(schedule, A);
        schedule.Complete();
        Assert.Equal([(A, V4, AnnounceEvent.Completed), (A, V6, AnnounceEvent.Completed)], Take(schedule));
        Answer(schedule, A);
        schedule.Stop(_now);
        Assert.Equal([(A, V4, AnnounceEvent.Stopped), (A, V6, AnnounceEvent.Stopped)], Take(schedule));
        Assert.True(schedule.OnResponse(To(A, V6), HalfHour, _now));
        Assert.False(schedule.HasLeft);
        Assert.True(schedule.OnFailure(To(A, V4), "down", _now));
        Assert.True(schedule.HasLeft);
    }

    [Fact]
    public void A_tracker_works_while_one_family_hangs_and_the_other_has_answered()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        Assert.Equal(TrackerState.Announcing, schedule.Statuses(_now)[0].State);
        Assert.True(schedule.OnResponse(To(A, V4), HalfHour with { Seeders = 3 }, _now));
        _now += TimeSpan.FromMinutes(1);
        TrackerStatus status = schedule.Statuses(_now)[0];
        Assert.Equal((TrackerState.Working, 3), (status.State, status.Seeders));
        Assert.InRange(status.NextAnnounce!.Value, TimeSpan.FromMinutes(29), TimeSpan.FromMinutes(31));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_tracker_counts_as_working_if_only_one_family_fails(bool failsFirst)
    {
        AnnounceSchedule schedule = Started([A], [B]);
        Take(schedule);
        if (failsFirst)
            Assert.True(schedule.OnFailure(To(A, V6), "no route", _now));
        Assert.Null(schedule.FailureOf(A));
        Assert.True(schedule.OnResponse(To(A, V4), HalfHour, _now));
        if (!failsFirst)
            Assert.True(schedule.OnFailure(To(A, V6), "no route", _now));
        Assert.Null(schedule.FailureOf(A));
        TrackerStatus status = schedule.Statuses(_now)[0];
        Assert.Equal((TrackerState.Working, 0, null), (status.State, status.Failures, status.Message));

        // It is tried again with the next regular announce, and starts over there.
        Assert.Equal(_now + TimeSpan.FromMinutes(30), schedule.NextDue);
        _now = schedule.NextDue;
        Assert.Equal([(A, V4, AnnounceEvent.None), (A, V6, AnnounceEvent.Started)], Take(schedule));
    }

    [Fact]
    public void A_family_that_has_not_answered_yet_does_not_delay_the_peers_of_the_other()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        Assert.True(schedule.OnResponse(To(A, V4), HalfHour with { Seeders = 3, Peers = [Peer(1)] }, _now));
        Assert.Equal((TrackerState.Working, 3), (schedule.Statuses(_now)[0].State, schedule.Statuses(_now)[0].Seeders));
        Assert.Empty(Take(schedule));
        Assert.True(schedule.OnResponse(To(A, V6), HalfHour with { Seeders = 2, Peers = [Peer(2), Peer(3)] }, _now));
        TrackerStatus status = schedule.Statuses(_now)[0];
        Assert.Equal((TrackerState.Working, 3, 3), (status.State, status.Seeders, status.Peers));
    }

    [Fact]
    public void The_longer_intervals_of_two_answers_count()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        schedule.OnResponse(To(A, V4), HalfHour, _now);
        schedule.OnResponse(To(A, V6), new() { Interval = TimeSpan.FromMinutes(5), MinInterval = TimeSpan.FromMinutes(1) }, _now);
        schedule.WantPeers();
        Assert.Equal(_now + TimeSpan.FromMinutes(10), schedule.NextDue);
        _now = schedule.NextDue;
        Take(schedule);

        // Those of the previous round do not.
        schedule.OnResponse(To(A, V6), new() { Interval = TimeSpan.FromMinutes(5), MinInterval = TimeSpan.FromMinutes(1) }, _now);
        schedule.OnFailure(To(A, V4), "down", _now);
        Assert.Equal(_now + TimeSpan.FromMinutes(5), schedule.NextDue);
    }

    [Fact]
    public void A_tracker_fails_if_it_answers_over_no_family_and_then_the_next_one_is_asked()
    {
        AnnounceSchedule schedule = Started([A], [B]);
        Take(schedule);
        schedule.OnFailure(To(A, V4), "a:80 refused the connection", _now);
        Assert.Null(schedule.FailureOf(A));
        Assert.Empty(Take(schedule));
        schedule.OnFailure(To(A, V6), "there is no way to a:80", _now);
        Assert.Equal("a:80 refused the connection (IPv4); there is no way to a:80 (IPv6)", schedule.FailureOf(A));
        Assert.Equal(1, schedule.Statuses(_now)[0].Failures);
        Assert.Equal([(B, V4, AnnounceEvent.Started), (B, V6, AnnounceEvent.Started)], Take(schedule));
    }

    [Fact]
    public void A_common_reason_is_reported_once()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        schedule.OnFailure(To(A, V6), "the name a is not known", _now);
        schedule.OnFailure(To(A, V4), "the name a is not known", _now);
        Assert.Equal("the name a is not known", schedule.FailureOf(A));
    }

    [Fact]
    public void A_tracker_without_addresses_of_one_family_fails_for_the_reason_of_the_other_alone()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        Assert.True(schedule.OnSkipped(To(A, V6), _now));
        Assert.False(schedule.OnSkipped(To(A, V6), _now));
        Assert.True(schedule.OnFailure(To(A, V4), "down", _now));
        Assert.Equal("down", schedule.FailureOf(A));
        _now = schedule.NextDue;
        Take(schedule);
        schedule.OnSkipped(To(A, V6), _now);
        schedule.OnSkipped(To(A, V4), _now);
        Assert.Equal((2, "the tracker has no address that can be reached"), (schedule.Statuses(_now)[0].Failures, schedule.FailureOf(A)));
    }

    [Fact]
    public void A_family_that_the_tracker_does_not_want_is_left_alone_and_the_other_continues()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        schedule.OnResponse(To(A, V6), new() { FailureReason = "IPv4 only", RetryIn = Timeout.InfiniteTimeSpan }, _now);
        schedule.OnResponse(To(A, V4), HalfHour, _now);
        Assert.Null(schedule.FailureOf(A));
        _now = schedule.NextDue;
        Assert.Equal([(A, V4, AnnounceEvent.None)], Take(schedule));
        Assert.NotEqual(TrackerState.GivenUp, schedule.Statuses(_now)[0].State);
        schedule.OnResponse(To(A, V4), new() { FailureReason = "not you either", RetryIn = Timeout.InfiniteTimeSpan }, _now);
        Assert.Equal((TrackerState.GivenUp, "not you either"), (schedule.Statuses(_now)[0].State, schedule.FailureOf(A)));
    }

    [Fact]
    public void Each_family_repeats_the_tracker_id_that_it_received()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        schedule.OnResponse(To(A, V4), HalfHour with { TrackerId = "four"u8.ToArray() }, _now);
        schedule.OnResponse(To(A, V6), HalfHour with { TrackerId = "six"u8.ToArray() }, _now);
        _now = schedule.NextDue;
        List<DueAnnounce> due = [];
        schedule.Poll(_now, due);
        Assert.Equal(["four"u8.ToArray(), "six"u8.ToArray()], due.Select(announce => announce.TrackerId!.Value.ToArray()));
    }

    [Fact]
    public void A_family_that_never_answers_is_given_up_and_delays_the_next_round_of_the_other_only_until_then()
    {
        AnnounceSchedule schedule = Started([A]);
        Take(schedule);
        schedule.OnResponse(To(A, V4), new() { Interval = TimeSpan.FromSeconds(30) }, _now);
        Assert.Equal(_now + AnnounceTimes.AnswerTimeout, schedule.NextDue);
        _now = schedule.NextDue;
        Assert.Equal([(A, V4, AnnounceEvent.None), (A, V6, AnnounceEvent.Started)], Take(schedule));
    }

    private static AnnounceTarget To(string tracker, AnnounceFamily family) => new(tracker, family, Swarm);

    private static AnnouncedPeer Peer(int host) => new(new IPEndPoint(IPAddress.Parse($"10.0.0.{host}"), 6881), null);

    private void Answer(AnnounceSchedule schedule, string tracker)
    {
        Assert.True(schedule.OnResponse(To(tracker, V6), HalfHour, _now));
        Assert.True(schedule.OnResponse(To(tracker, V4), HalfHour, _now));
    }

    private AnnounceSchedule Started(params string[][] tiers)
    {
        AnnounceSchedule schedule = new(
            [.. tiers.Select(tier => (ImmutableArray<string>)[.. tier])], [Swarm], [V4, V6], default, new UnspreadRandom(1));
        schedule.Start(_now);
        return schedule;
    }

    private List<(string Tracker, AnnounceFamily Family, AnnounceEvent Event)> Take(AnnounceSchedule schedule)
    {
        List<DueAnnounce> due = [];
        schedule.Poll(_now, due);
        return [.. due.Select(announce => (announce.Target.Tracker, announce.Target.Family, announce.Event))];
    }
}

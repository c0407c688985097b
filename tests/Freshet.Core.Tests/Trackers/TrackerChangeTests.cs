using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>A torrent whose trackers change while it runs.</summary>
public class TrackerChangeTests
{
    private const string A = "http://a.example/announce";
    private const string B = "http://b.example/announce";
    private const string C = "http://c.example/announce";
    private static readonly InfoHash Swarm = new("aaaaaaaaaaaaaaaaaaaa"u8);

    private static readonly AnnounceResponse HalfHour = new()
    {
        Interval = TimeSpan.FromMinutes(30),
        MinInterval = TimeSpan.FromMinutes(10),
    };

    private Timestamp _now = new(TimeSpan.TicksPerHour);

    [Fact]
    public void A_removed_tracker_is_sent_stopped_and_an_added_one_started()
    {
        AnnounceSchedule schedule = Working([A]);
        schedule.Replace([[B]], _now);
        Assert.Equal([(A, AnnounceEvent.Stopped), (B, AnnounceEvent.Started)], Take(schedule));
        Assert.Equal([B], schedule.Statuses(_now).Select(status => status.Url));
        Answer(schedule, A);
        Answer(schedule, B);
        Assert.Equal(_now + TimeSpan.FromMinutes(30), schedule.NextDue);
        Assert.Empty(Take(schedule));
    }

    [Fact]
    public void A_tracker_that_stays_keeps_its_times()
    {
        AnnounceSchedule schedule = Working([A]);
        _now += TimeSpan.FromMinutes(12);
        schedule.Replace([[A], [B]], _now);

        // One tracker is enough: the new one is there in case the first fails.
        Assert.Empty(Take(schedule));
        Assert.Equal(_now + TimeSpan.FromMinutes(18), schedule.NextDue);
        _now += TimeSpan.FromMinutes(18);
        Assert.Equal([(A, AnnounceEvent.None)], Take(schedule));
        schedule.OnFailure(To(A), "down", _now);
        Assert.Equal([(B, AnnounceEvent.Started)], Take(schedule));
    }

    [Fact]
    public void A_tracker_that_never_knew_about_us_is_sent_nothing()
    {
        AnnounceSchedule schedule = Working([A], [B]);
        schedule.Replace([[A]], _now);
        Assert.Empty(Take(schedule));
        Assert.Equal(_now + TimeSpan.FromMinutes(30), schedule.NextDue);
    }

    [Fact]
    public void An_announce_on_its_way_to_a_removed_tracker_is_followed_by_stopped()
    {
        AnnounceSchedule schedule = new([[A]], [Swarm], [AnnounceFamily.Any], default, new UnspreadRandom(1));
        schedule.Start(_now);
        Assert.Equal([(A, AnnounceEvent.Started)], Take(schedule));
        schedule.Replace([], _now);
        Assert.False(schedule.Has(A));
        Assert.Empty(Take(schedule));
        Assert.True(schedule.OnResponse(To(A), HalfHour, _now));
        Assert.Equal([(A, AnnounceEvent.Stopped)], Take(schedule));
        schedule.OnFailure(To(A), "down", _now);

        // It is tried once.
        Assert.Empty(Take(schedule));
        Assert.Equal(Timestamp.Never, schedule.NextDue);
    }

    [Fact]
    public void A_tracker_that_does_not_answer_stopped_is_forgotten_in_time()
    {
        AnnounceSchedule schedule = Working([A]);
        schedule.Replace([], _now);
        Assert.Equal([(A, AnnounceEvent.Stopped)], Take(schedule));
        _now = schedule.NextDue;
        Assert.Empty(Take(schedule));
        Assert.Equal(Timestamp.Never, schedule.NextDue);
        schedule.Stop(_now);
        Assert.True(schedule.HasLeft);
    }

    [Fact]
    public void A_tracker_that_comes_back_while_it_is_sent_stopped_is_sent_started_again()
    {
        AnnounceSchedule schedule = Working([A]);
        schedule.Replace([], _now);
        Assert.Equal([(A, AnnounceEvent.Stopped)], Take(schedule));
        schedule.Replace([[A]], _now);
        Assert.Empty(Take(schedule));
        Answer(schedule, A);
        Assert.Equal([(A, AnnounceEvent.Started)], Take(schedule));
    }

    [Fact]
    public void A_new_tracker_is_not_sent_a_completion_that_another_has_received()
    {
        AnnounceSchedule schedule = Working([A]);
        schedule.Complete();
        Assert.Equal([(A, AnnounceEvent.Completed)], Take(schedule));
        Answer(schedule, A);
        schedule.Replace([[B]], _now);
        Assert.Equal([(A, AnnounceEvent.Stopped), (B, AnnounceEvent.Started)], Take(schedule));
        Answer(schedule, A);
        Answer(schedule, B);
        _now = schedule.NextDue;
        Assert.Equal([(B, AnnounceEvent.None)], Take(schedule));
    }

    [Fact]
    public void A_completion_that_is_owed_is_sent_to_the_tracker_that_stays()
    {
        AnnounceSchedule schedule = Working([A]);
        schedule.Complete();
        schedule.Replace([[A], [B]], _now);
        Assert.Equal([(A, AnnounceEvent.Completed)], Take(schedule));
    }

    [Fact]
    public void A_completion_that_is_owed_is_sent_even_if_nobody_has_answered_yet()
    {
        AnnounceSchedule schedule = new([[A]], [Swarm], [AnnounceFamily.Any], AnnounceScope.FirstThatAnswers, new UnspreadRandom(1));
        schedule.Start(_now);
        Assert.Equal([(A, AnnounceEvent.Started)], Take(schedule));
        schedule.Complete();
        schedule.Replace([[A], [B]], _now);
        Answer(schedule, A);
        Assert.Equal([(A, AnnounceEvent.Completed)], Take(schedule));
    }

    [Fact]
    public void A_completion_that_one_tier_has_not_received_is_not_sent_to_another_twice()
    {
        AnnounceSchedule schedule = new([[A], [B]], [Swarm], [AnnounceFamily.Any], AnnounceScope.EachTier, new UnspreadRandom(1));
        schedule.Start(_now);
        Assert.Equal([(A, AnnounceEvent.Started), (B, AnnounceEvent.Started)], Take(schedule));
        Answer(schedule, A);
        Answer(schedule, B);
        schedule.Complete();
        Assert.Equal([(A, AnnounceEvent.Completed), (B, AnnounceEvent.Completed)], Take(schedule));
        Answer(schedule, A);
        schedule.OnFailure(To(B), "down", _now);
        schedule.Replace([[A], [B], [C]], _now);
        Assert.Equal([(C, AnnounceEvent.Started)], Take(schedule));
        _now += TimeSpan.FromMinutes(29);
        Assert.Equal([(B, AnnounceEvent.Completed)], Take(schedule));
    }

    [Fact]
    public void Trackers_that_are_leaving_are_bounded()
    {
        AnnounceSchedule schedule = new([[A]], [Swarm], [AnnounceFamily.Any], AnnounceScope.All, new UnspreadRandom(1));
        schedule.Start(_now);
        for (int round = 0; round < 3; round++)
        {
            ImmutableArray<string> tier = [.. Enumerable.Range(0, 150).Select(number => $"http://{round}.{number}.example/")];
            schedule.Replace([tier], _now);
            Take(schedule);
        }

        schedule.Replace([], _now);
        schedule.Stop(_now);
        int leaving = 0;
        for (int round = 0; round < 3; round++)
        {
            for (int number = 0; number < 150; number++)
                leaving += schedule.OnFailure(To($"http://{round}.{number}.example/"), "down", _now) ? 1 : 0;
        }

        Assert.Equal(MetainfoLimits.MaxTrackers, leaving);
    }

    [Fact]
    public void A_torrent_at_rest_uses_the_new_trackers_in_its_next_run()
    {
        AnnounceSchedule schedule = new([[A]], [Swarm], [AnnounceFamily.Any], default, new UnspreadRandom(1));
        schedule.Replace([[B], [C]], _now);
        Assert.True(schedule.HasLeft);
        Assert.Empty(Take(schedule));
        schedule.Start(_now);
        Assert.Equal([(B, AnnounceEvent.Started)], Take(schedule));
    }

    [Fact]
    public void A_tracker_that_cannot_be_announced_to_is_shown_as_such()
    {
        AnnounceSchedule schedule = Working([A]);
        schedule.Replace([[A], ["wss://d.example"]], _now);
        Assert.Equal([TrackerState.Working, TrackerState.Unsupported], schedule.Statuses(_now).Select(status => status.State));
    }

    private static AnnounceTarget To(string tracker) => new(tracker, AnnounceFamily.Any, Swarm);

    // A schedule whose first tracker has answered started.
    private AnnounceSchedule Working(params ImmutableArray<string>[] tiers)
    {
        AnnounceSchedule schedule = new([.. tiers], [Swarm], [AnnounceFamily.Any], default, new UnspreadRandom(1));
        schedule.Start(_now);
        Assert.Equal([(tiers[0][0], AnnounceEvent.Started)], Take(schedule));
        Answer(schedule, tiers[0][0]);
        Assert.Empty(Take(schedule));
        return schedule;
    }

    private void Answer(AnnounceSchedule schedule, string tracker) => Assert.True(schedule.OnResponse(To(tracker), HalfHour, _now));

    private List<(string, AnnounceEvent)> Take(AnnounceSchedule schedule)
    {
        List<DueAnnounce> due = [];
        schedule.Poll(_now, due);
        return [.. due.Select(announce => (announce.Target.Tracker, announce.Event))];
    }
}

using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>A hybrid torrent has two swarms (BEP 52), and announces itself to each.</summary>
public class AnnounceSwarmTests
{
    private const string A = "http://a.example/announce";

    private static readonly InfoHash V1 = new("11111111111111111111"u8);
    private static readonly InfoHash V2 = new("22222222222222222222"u8);
    private static readonly AnnounceResponse HalfHour = new()
    {
        Interval = TimeSpan.FromMinutes(30),
        MinInterval = TimeSpan.FromMinutes(10),
    };

    private Timestamp _now = new(TimeSpan.TicksPerHour);

    [Fact]
    public void Each_swarm_is_sent_each_event()
    {
        AnnounceSchedule schedule = Started(AnnounceFamily.Any);
        Assert.Equal([(V1, AnnounceEvent.Started), (V2, AnnounceEvent.Started)], Take(schedule));
        AnswerBoth(schedule);
        schedule.Complete();
        Assert.Equal([(V1, AnnounceEvent.Completed), (V2, AnnounceEvent.Completed)], Take(schedule));
        AnswerBoth(schedule);
        schedule.Stop(_now);
        Assert.Equal([(V1, AnnounceEvent.Stopped), (V2, AnnounceEvent.Stopped)], Take(schedule));
        AnswerBoth(schedule);
        Assert.True(schedule.HasLeft);
    }

    // A tracker that has only ever been told the version 1 hash refuses the other.
    [Fact]
    public void A_tracker_that_knows_one_of_the_swarms_works()
    {
        AnnounceSchedule schedule = Started(AnnounceFamily.Any);
        Take(schedule);
        Assert.True(schedule.OnResponse(Target(V1), HalfHour, _now));
        Assert.True(schedule.OnResponse(Target(V2), new() { FailureReason = "unregistered torrent" }, _now));
        Assert.Equal(TrackerState.Working, schedule.Statuses(_now)[0].State);
        Assert.Null(schedule.FailureOf(A));
        _now = schedule.NextDue;
        Assert.Equal([(V1, AnnounceEvent.None), (V2, AnnounceEvent.Started)], Take(schedule));
    }

    [Fact]
    public void The_reasons_of_both_are_reported_if_they_differ()
    {
        AnnounceSchedule schedule = Started(AnnounceFamily.Any);
        Take(schedule);
        schedule.OnResponse(Target(V1), new() { FailureReason = "unregistered torrent" }, _now);
        schedule.OnFailure(Target(V2), "no answer", _now);
        Assert.Equal("unregistered torrent (v1); no answer (v2)", schedule.FailureOf(A));
    }

    [Fact]
    public void With_two_families_there_are_four_announces()
    {
        AnnounceSchedule schedule = Started(AnnounceFamily.IPv4, AnnounceFamily.IPv6);
        List<DueAnnounce> due = [];
        schedule.Poll(_now, due);
        Assert.Equal(4, due.Select(announce => announce.Target).Distinct().Count());
        foreach (DueAnnounce announce in due)
            schedule.OnFailure(announce.Target, $"not {announce.Target.Family}", _now);
        Assert.Equal(
            "not IPv4 (IPv4, v1); not IPv6 (IPv6, v1); not IPv4 (IPv4, v2); not IPv6 (IPv6, v2)", schedule.FailureOf(A));
    }

    private static AnnounceTarget Target(InfoHash swarm) => new(A, AnnounceFamily.Any, swarm);

    private AnnounceSchedule Started(params AnnounceFamily[] families)
    {
        AnnounceSchedule schedule = new([[A]], [V1, V2], [.. families], default, new UnspreadRandom(1));
        schedule.Start(_now);
        return schedule;
    }

    private void AnswerBoth(AnnounceSchedule schedule)
    {
        Assert.True(schedule.OnResponse(Target(V2), HalfHour, _now));
        Assert.True(schedule.OnResponse(Target(V1), HalfHour, _now));
    }

    private List<(InfoHash Swarm, AnnounceEvent Event)> Take(AnnounceSchedule schedule)
    {
        List<DueAnnounce> due = [];
        schedule.Poll(_now, due);
        return [.. due.Select(announce => (announce.Target.Swarm, announce.Event))];
    }
}

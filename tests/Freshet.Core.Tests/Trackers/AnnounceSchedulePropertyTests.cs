using System.Collections.Immutable;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>Whatever trackers answer and whenever a person starts and stops, the schedule keeps its promises.</summary>
public class AnnounceSchedulePropertyTests
{
    private static readonly ImmutableArray<ImmutableArray<string>> Tiers =
        [["http://a/", "http://b/", "udp://u/"], ["http://c/"], ["http://d/", "http://e/", "http://f/"]];

    [Theory]
    [InlineData(AnnounceScope.FirstThatAnswers, 1)]
    [InlineData(AnnounceScope.EachTier, 1)]
    [InlineData(AnnounceScope.All, 1)]
    [InlineData(AnnounceScope.FirstThatAnswers, 2)]
    [InlineData(AnnounceScope.EachTier, 2)]
    [InlineData(AnnounceScope.All, 2)]
    public void Promises_are_kept_in_many_random_lives(AnnounceScope scope, int families)
    {
        for (int seed = 0; seed < 300; seed++)
        {
            try
            {
                new Life(scope, families == 1 ? [AnnounceFamily.Any] : [AnnounceFamily.IPv4, AnnounceFamily.IPv6], new Random(seed)).Live();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, {scope}, {families}", e);
            }
        }
    }

    private readonly record struct Home(string Tracker, AnnounceFamily Family);

    private sealed class Life(AnnounceScope scope, ImmutableArray<AnnounceFamily> families, Random random)
    {
        private readonly AnnounceSchedule _schedule = new(Tiers, families, scope, random);
        private readonly Dictionary<Home, (AnnounceEvent Event, Timestamp Since, int Run)> _underWay = [];
        private readonly HashSet<Home> _knowUs = [];
        private readonly Dictionary<Home, Timestamp> _notBefore = [];
        private readonly HashSet<(int Run, string Ladder, AnnounceFamily Family)> _completed = [];
        private Timestamp _now = new(TimeSpan.TicksPerDay);
        private bool _running;
        private int _run;

        public void Live()
        {
            for (int step = 0; step < 200; step++)
            {
                Act();
                Poll();
            }

            Leave();
        }

        private void Act()
        {
            switch (random.Next(10))
            {
                case 0:
                    _schedule.Start(_now);
                    _run += _running ? 0 : 1;
                    _running = true;
                    break;
                case 1 when random.Next(3) == 0:
                    Stop();
                    break;
                case 2:
                    _schedule.Complete();
                    break;
                case 3:
                    _schedule.WantPeers();
                    break;
                case 4:
                    // Nothing may come up before the moment that was named.
                    Timestamp next = _schedule.NextDue;
                    if (next > _now && next != Timestamp.Never)
                    {
                        _now = new Timestamp(next.Ticks - 1);
                        Assert.Equal(0, Poll());
                        _now = next;
                    }

                    break;
                default:
                    Answer();
                    break;
            }
        }

        private void Answer()
        {
            _now += TimeSpan.FromSeconds(random.Next(20));
            Poll();
            if (_underWay.Count == 0)
                return;
            (Home home, (AnnounceEvent asked, _, int run)) = _underWay.ElementAt(random.Next(_underWay.Count));
            (string tracker, AnnounceFamily family) = home;
            _underWay.Remove(home);
            switch (random.Next(5))
            {
                case 0:
                    Assert.True(_schedule.OnFailure(tracker, family, "refused", _now));
                    break;
                case 4:
                    Assert.True(_schedule.OnSkipped(tracker, family, _now));
                    break;
                case 1:
                    TimeSpan retry = random.Next(10) == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(random.Next(1, 100));
                    Assert.True(_schedule.OnResponse(tracker, family, new() { FailureReason = "no", RetryIn = retry }, _now));
                    _notBefore[home] = retry == Timeout.InfiniteTimeSpan ? Timestamp.Never : _now + retry;
                    if (!_running)
                        _knowUs.Remove(home);
                    break;
                default:
                    AnnounceResponse answer = new() { Interval = TimeSpan.FromSeconds(random.Next(4_000)), MinInterval = TimeSpan.FromSeconds(random.Next(2_000)) };
                    Assert.True(_schedule.OnResponse(tracker, family, answer, _now));
                    if (asked == AnnounceEvent.Started)
                        _knowUs.Add(home);
                    if (asked == AnnounceEvent.Completed)
                        Assert.True(_completed.Add((run, Ladder(tracker), family)), "completed twice");
                    break;
            }

            if (asked == AnnounceEvent.Stopped)
                _knowUs.Remove(home);
        }

        private int Poll()
        {
            // Announces that nobody answered are given up by the schedule, and so by us.
            foreach ((Home home, (AnnounceEvent asked, Timestamp since, _)) in _underWay)
            {
                if (since + AnnounceTimes.AnswerTimeout > _now)
                    continue;
                _underWay.Remove(home);
                if (asked == AnnounceEvent.Stopped)
                    _knowUs.Remove(home);
            }

            List<DueAnnounce> due = [];
            _schedule.Poll(_now, due);
            foreach (DueAnnounce announce in due)
            {
                Home home = new(announce.Tracker, announce.Family);
                Assert.True(_underWay.TryAdd(home, (announce.Event, _now, _run)), "two at once to " + home);
                Assert.True(_now >= _notBefore.GetValueOrDefault(home), "asked too early");
                Assert.Equal(announce.Event == AnnounceEvent.Started, !_knowUs.Contains(home));
                Assert.Equal(announce.Event == AnnounceEvent.Stopped, !_running);
            }

            if (_running && scope == AnnounceScope.FirstThatAnswers)
                Assert.True(_underWay.Where(announce => announce.Value.Event != AnnounceEvent.Stopped).DistinctBy(announce => announce.Key.Tracker).Count() <= 1, "one is enough");
            Assert.True(_schedule.NextDue > _now, "what is due has been taken");
            return due.Count;
        }

        private void Stop()
        {
            _schedule.Stop(_now);
            _running = false;
            _knowUs.RemoveWhere(home => _notBefore.GetValueOrDefault(home) > _now);
        }

        private string Ladder(string tracker) => scope switch
        {
            AnnounceScope.FirstThatAnswers => "",
            AnnounceScope.EachTier => Tiers.Single(tier => tier.Contains(tracker))[0],
            _ => tracker,
        };

        private void Leave()
        {
            Stop();
            for (int i = 0; i < 10 && !_schedule.HasLeft; i++)
            {
                Poll();
                _now = _schedule.NextDue == Timestamp.Never ? _now : _schedule.NextDue;
            }

            Assert.True(_schedule.HasLeft);
        }
    }
}

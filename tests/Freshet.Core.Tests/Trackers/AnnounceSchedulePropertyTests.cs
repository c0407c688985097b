using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>Whatever trackers answer, and whenever a person starts and stops, the schedule keeps its promises.</summary>
public class AnnounceSchedulePropertyTests
{
    private static readonly ImmutableArray<ImmutableArray<string>> Tiers =
        [["http://a/", "http://b/", "udp://u/"], ["http://c/"], ["http://d/", "http://e/", "http://f/"]];

    private static readonly InfoHash[] Swarms = [new("aaaaaaaaaaaaaaaaaaaa"u8), new("bbbbbbbbbbbbbbbbbbbb"u8)];

    [Theory]
    [InlineData(AnnounceScope.FirstThatAnswers, 1, 1)]
    [InlineData(AnnounceScope.FirstThatAnswers, 1, 2)]
    [InlineData(AnnounceScope.FirstThatAnswers, 2, 1)]
    [InlineData(AnnounceScope.FirstThatAnswers, 2, 2)]
    [InlineData(AnnounceScope.EachTier, 1, 1)]
    [InlineData(AnnounceScope.EachTier, 1, 2)]
    [InlineData(AnnounceScope.EachTier, 2, 1)]
    [InlineData(AnnounceScope.EachTier, 2, 2)]
    [InlineData(AnnounceScope.All, 1, 1)]
    [InlineData(AnnounceScope.All, 1, 2)]
    [InlineData(AnnounceScope.All, 2, 1)]
    [InlineData(AnnounceScope.All, 2, 2)]
    public void Promises_are_kept_in_many_random_lives(AnnounceScope scope, int families, int swarms)
    {
        int first = Random.Shared.Next();
        for (int seed = first; seed != first + 200; seed++)
        {
            try
            {
                AnnounceFamily[] over = families == 1 ? [AnnounceFamily.Any] : [AnnounceFamily.IPv4, AnnounceFamily.IPv6];
                new Life(scope, [.. over], [.. Swarms.Take(swarms)], new Random(seed)).Live();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}, {scope}, {families}, {swarms}", e);
            }
        }
    }

    private sealed class Life(AnnounceScope scope, ImmutableArray<AnnounceFamily> families, ImmutableArray<InfoHash> swarms, Random random)
    {
        private readonly AnnounceSchedule _schedule = new(Tiers, swarms, families, scope, random);
        private readonly Dictionary<AnnounceTarget, (AnnounceEvent Event, Timestamp Since, int Run)> _underWay = [];
        private readonly HashSet<AnnounceTarget> _knowUs = [];
        private readonly Dictionary<AnnounceTarget, Timestamp> _notBefore = [];
        private readonly HashSet<(int Run, string Ladder, AnnounceTarget Target)> _completed = [];
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
                    if (random.Next(4) == 0)
                        _schedule.Reannounce();
                    else
                        _schedule.WantPeers();
                    break;
                case 4:
                    // Nothing may become due before the time that was given.
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
            _now += TimeSpan.FromSeconds(random.Next(40));
            Poll();
            if (_underWay.Count == 0)
                return;
            (AnnounceTarget home, (AnnounceEvent asked, _, int run)) = _underWay.ElementAt(random.Next(_underWay.Count));
            _underWay.Remove(home);
            switch (random.Next(6))
            {
                case 5:
                    Assert.True(_schedule.OnPutOff(home, _now));
                    break;
                case 0:
                    Assert.True(_schedule.OnFailure(home, "refused", _now));
                    break;
                case 4:
                    Assert.True(_schedule.OnSkipped(home, _now));
                    break;
                case 1:
                    TimeSpan retry = random.Next(10) == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMinutes(random.Next(1, 100));
                    Assert.True(_schedule.OnResponse(home, new() { FailureReason = "no", RetryIn = retry }, _now));
                    _notBefore[home] = retry == Timeout.InfiniteTimeSpan ? Timestamp.Never : _now + retry;
                    if (!_running)
                        _knowUs.Remove(home);
                    break;
                default:
                    AnnounceResponse answer = new()
                    {
                        Interval = TimeSpan.FromSeconds(random.Next(4_000)),
                        MinInterval = TimeSpan.FromSeconds(random.Next(2_000)),
                    };
                    Assert.True(_schedule.OnResponse(home, answer, _now));
                    if (asked == AnnounceEvent.Started)
                        _knowUs.Add(home);
                    if (asked == AnnounceEvent.Completed)
                        Assert.True(_completed.Add((run, Ladder(home.Tracker), home)), "completed twice");
                    break;
            }

            if (asked == AnnounceEvent.Stopped)
                _knowUs.Remove(home);
        }

        private int Poll()
        {
            // Announces that nobody answered are given up by the schedule, and so by us.
            foreach ((AnnounceTarget home, (AnnounceEvent asked, Timestamp since, _)) in _underWay)
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
                AnnounceTarget home = announce.Target;
                Assert.True(_underWay.TryAdd(home, (announce.Event, _now, _run)), "two at once to " + home);
                Assert.True(_now >= _notBefore.GetValueOrDefault(home), "asked too early");
                Assert.Equal(announce.Event == AnnounceEvent.Started, !_knowUs.Contains(home));
                Assert.Equal(announce.Event == AnnounceEvent.Stopped, !_running);
            }

            if (_running && scope == AnnounceScope.FirstThatAnswers)
            {
                int asked = _underWay
                    .Where(announce => announce.Value.Event != AnnounceEvent.Stopped)
                    .DistinctBy(announce => announce.Key.Tracker)
                    .Count();
                Assert.True(asked <= 1, "one is enough");
            }

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
            for (int i = 0; i < 100 && !_schedule.HasLeft; i++)
            {
                Poll();
                _now = _schedule.NextDue == Timestamp.Never ? _now : _schedule.NextDue;
            }

            Assert.True(_schedule.HasLeft);
        }
    }
}

using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>A session's announces on a virtual clock, with trackers that answer, are slow, or are dead.</summary>
public class AnnounceQueueTests
{
    private static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(30);

    private readonly AnnounceQueue _queue = new();
    private readonly Dictionary<AnnounceTicket, (Timestamp Ends, TurnEnd End)> _underWay = [];
    private readonly List<(AnnounceTicket Ticket, Timestamp At)> _made = [];
    private readonly List<AnnounceTicket> _givenUp = [];
    private readonly List<AnnounceTicket> _expired = [];
    private Timestamp _now = new(TimeSpan.TicksPerHour);

    [Fact]
    public void Ten_thousand_torrents_that_start_together_ask_their_tracker_at_a_steady_pace()
    {
        Timestamp began = _now;
        for (int i = 0; i < 10_000; i++)
            Add("t.example:80");
        RunFor(TimeSpan.FromMinutes(10), _ => (TimeSpan.FromMilliseconds(100), TurnEnd.Answered));

        Assert.Equal(10_000, _made.Count);
        int[] perSecond = [.. _made.GroupBy(made => (int)(made.At - began).TotalSeconds).Select(second => second.Count())];
        Assert.InRange(perSecond.Max(), 1, 2 * TrackerLimits.HostAnnouncesPerSecond);
        Assert.InRange((_made[^1].At - began).TotalMinutes, 7, 9);
    }

    [Fact]
    public void A_dead_tracker_does_not_hold_up_other_announces()
    {
        for (int i = 0; i < 1_000; i++)
            Add("dead.example:80");
        List<AnnounceTicket> others = [.. Enumerable.Range(0, 20).Select(_ => Add("alive.example:80"))];
        RunFor(
            TimeSpan.FromSeconds(5),
            ticket => ticket.Host == "dead.example:80" ? (TimeLimit, TurnEnd.Unreachable) : (TimeSpan.Zero, TurnEnd.Answered));
        Assert.All(others, ticket => Assert.Contains(_made, made => made.Ticket == ticket));
        Assert.Equal(1, _queue.UnderWay);
    }

    [Fact]
    public void All_who_wait_for_a_dead_tracker_fail_with_the_first()
    {
        for (int i = 0; i < 1_000; i++)
            Add("dead.example:80");
        RunFor(TimeLimit, _ => (TimeLimit, TurnEnd.Unreachable));
        Assert.Single(_made);
        Assert.Equal(999, _givenUp.Count);
        Assert.Equal((0, 0), (_queue.Waiting, _queue.UnderWay));
    }

    [Fact]
    public void However_many_trackers_are_dead_half_of_the_places_are_left_for_those_that_answer()
    {
        Add("alive.example:80");
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.Zero, TurnEnd.Answered));
        for (int i = 0; i < 1_000; i++)
            Add($"dead{i}.example:80");
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeLimit, TurnEnd.Unreachable));
        Assert.Equal(TrackerLimits.MaxUnprovenRequests, _queue.UnderWay);
        AnnounceTicket one = Add("alive.example:80");
        RunFor(TimeSpan.FromSeconds(1), ticket => ticket == one ? (TimeSpan.Zero, TurnEnd.Answered) : (TimeLimit, TurnEnd.Unreachable));
        Assert.Equal(one, _made[^1].Ticket);
        RunFor(TimeSpan.FromHours(1), _ => (TimeLimit, TurnEnd.Unreachable));
        Assert.Equal((0, 0), (_queue.Waiting, _queue.UnderWay));
    }

    [Fact]
    public void A_tracker_that_answers_is_asked_by_a_few_at_once_and_a_new_one_by_one()
    {
        for (int i = 0; i < 50; i++)
            Add("t.example:80");
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.FromSeconds(2), TurnEnd.Answered));
        Assert.Equal(1, _queue.UnderWay);
        RunFor(TimeSpan.FromSeconds(1.5), _ => (TimeLimit, TurnEnd.Answered));
        Assert.Equal(TrackerLimits.MaxRequestsPerHost, _queue.UnderWay);
    }

    [Fact]
    public void A_single_failure_of_a_working_tracker_affects_nobody_else()
    {
        Add("t.example:80");
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.Zero, TurnEnd.Answered));
        for (int i = 0; i < 100; i++)
            Add("t.example:80");
        int count = 0;
        RunFor(TimeSpan.FromMinutes(1), _ => (TimeSpan.FromMilliseconds(10), count++ % 5 == 0 ? TurnEnd.Unreachable : TurnEnd.Answered));
        Assert.Empty(_givenUp);
        Assert.Equal(101, _made.Count);
    }

    [Fact]
    public void Farewells_come_first_and_downloads_before_seeds()
    {
        Add("t.example:80");
        RunFor(TimeSpan.Zero, _ => (TimeSpan.FromMilliseconds(1), TurnEnd.Answered));
        AnnounceTicket seeding = Add("t.example:80", AnnounceUrgency.Seeding);
        AnnounceTicket downloading = Add("t.example:80");
        AnnounceTicket farewell = Add("t.example:80", AnnounceUrgency.Farewell);
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.FromMilliseconds(1), TurnEnd.Answered));
        Assert.Equal([farewell, downloading, seeding], _made[1..].Select(made => made.Ticket));
    }

    /// <summary>Even if an answer of one arrives at each moment at which the next announce may be made.</summary>
    [Fact]
    public void Both_families_of_a_tracker_take_turns()
    {
        foreach (string host in (string[])["t.example:80 IPv4", "t.example:80 IPv6"])
        {
            for (int i = 0; i < 1_000; i++)
                Assert.True(_queue.TryAdd(new AnnounceTicket(host, AnnounceUrgency.Seeding) { Tracker = "t.example:80" }, _now));
        }

        RunFor(TimeSpan.FromSeconds(50), _ => (TimeSpan.FromMilliseconds(200), TurnEnd.Answered));
        int first = _made.Count(made => made.Ticket.Host == "t.example:80 IPv4");
        Assert.InRange(_made.Count, 1_000, 1_040);
        Assert.InRange(first - (_made.Count - first), -10, 10);
    }

    [Fact]
    public void A_session_that_ends_sends_its_farewells_without_the_pace()
    {
        Add("t.example:80");
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.Zero, TurnEnd.Answered));
        for (int i = 0; i < 500; i++)
            Add("t.example:80", AnnounceUrgency.Farewell);
        RunFor(TimeSpan.FromSeconds(2), _ => (TimeSpan.FromMilliseconds(20), TurnEnd.Answered));
        Assert.Equal(501, _made.Count);
    }

    /// <summary>A session waits three seconds for its trackers. What does not reach them then is forgotten after their interval.</summary>
    [Theory]
    [InlineData(true, 50, 10_000)]
    [InlineData(true, 200, 4_000)]
    [InlineData(false, 200, 500)]
    public void Of_ten_thousand_goodbyes_to_one_tracker_as_many_are_said_as_it_can_take(bool isUdp, int milliseconds, int least)
    {
        Add("t.example:80", isUdp: isUdp);
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.Zero, TurnEnd.Answered));

        // Those that are under way to others take nothing from them.
        for (int host = 0; host < 20; host++)
            Add($"slow{host}.example:80");
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.FromMilliseconds(1), TurnEnd.Answered));
        for (int i = 0; i < 2 * TrackerLimits.MaxRequests; i++)
            Add($"slow{i % 20}.example:80");
        RunFor(TimeSpan.Zero, _ => (TimeSpan.FromMinutes(1), TurnEnd.Answered));
        Assert.Equal(TrackerLimits.MaxRequests, _queue.UnderWay);
        for (int i = 0; i < 10_000; i++)
            Add("t.example:80", AnnounceUrgency.Farewell, isUdp);
        int before = _made.Count;
        int most = 0;
        RunFor(TimeSpan.FromSeconds(3), _ =>
        {
            most = Math.Max(most, _queue.UnderWay - TrackerLimits.MaxRequests);
            return (TimeSpan.FromMilliseconds(milliseconds), TurnEnd.Answered);
        });
        TestContext.Current.TestOutputHelper?.WriteLine($"{_made.Count - before} of 10,000 goodbyes were said");
        Assert.InRange(_made.Count - before, least, 10_000);
        Assert.Equal(isUdp ? TrackerLimits.MaxUdpFarewells : TrackerLimits.MaxHttpFarewells, most);
    }

    [Fact]
    public void An_announce_that_is_withdrawn_leaves_the_queue()
    {
        List<AnnounceTicket> tickets = [.. Enumerable.Range(0, 100).Select(_ => Add("dead.example:80"))];
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeLimit, TurnEnd.Unreachable));
        Assert.False(_queue.TryCancel(tickets[0]));
        Assert.All(tickets[1..], ticket => Assert.True(_queue.TryCancel(ticket)));
        Assert.False(_queue.TryCancel(tickets[1]));
        Assert.Equal(0, _queue.Waiting);
        RunFor(TimeLimit, _ => (TimeLimit, TurnEnd.Unreachable));
        Assert.Empty(_givenUp);
    }

    [Fact]
    public void Nobody_waits_longer_than_the_limit()
    {
        Add("t.example:80");
        RunFor(TimeSpan.FromSeconds(1), _ => (TimeSpan.Zero, TurnEnd.Answered));
        AnnounceTicket[] slow = [.. Enumerable.Range(0, 9).Select(_ => Add("t.example:80"))];
        RunFor(TimeSpan.FromSeconds(1), _ => (TrackerLimits.MaxAnnounceWait * 2, TurnEnd.Answered));
        Assert.Empty(_expired);
        RunFor(_queue.NextDue - _now, _ => default);
        Assert.Equal([slow[8]], _expired);
        Assert.Equal(0, _queue.Waiting);
    }

    [Fact]
    public void The_queue_is_bounded()
    {
        for (int i = 0; i < TrackerLimits.MaxQueuedAnnounces; i++)
            Add("dead.example:80");
        Assert.False(_queue.TryAdd(new AnnounceTicket("t.example:80", AnnounceUrgency.Downloading), _now));
    }

    [Fact]
    public void In_random_lives_every_announce_ends_and_no_limit_is_exceeded()
    {
        int seed = Random.Shared.Next();
        for (int life = 0; life < 30; life++, seed++)
        {
            try
            {
                new AnnounceQueueTests().Live(new Random(seed));
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"seed {seed}", e);
            }
        }
    }

    private void Live(Random random)
    {
        List<AnnounceTicket> all = [];
        List<AnnounceTicket> cancelled = [];
        for (int step = 0; step < 300; step++)
        {
            for (int i = random.Next(20); i > 0; i--)
                all.Add(Add($"host{random.Next(40)}", (AnnounceUrgency)random.Next(3)));
            if (random.Next(3) == 0 && all.Count > 0 && all[random.Next(all.Count)] is var ticket && _queue.TryCancel(ticket))
                cancelled.Add(ticket);
            RunFor(TimeSpan.FromSeconds(random.Next(4)), _ => (random.Next(10) * TimeSpan.FromSeconds(1), (TurnEnd)random.Next(3)));
            Assert.InRange(_underWay.Keys.Count(ticket => !ticket.IsFarewell), 0, TrackerLimits.MaxRequests);
            Assert.InRange(_underWay.Keys.Count(ticket => ticket.IsFarewell), 0, TrackerLimits.MaxFarewells);
            Assert.All(
                _underWay.Keys.CountBy(taken => taken.Host), host => Assert.InRange(host.Value, 1, TrackerLimits.MaxRequestsPerSlowHost));
        }

        RunFor(TimeSpan.FromHours(2), _ => (TimeSpan.FromSeconds(1), TurnEnd.Answered));
        AnnounceTicket[] gone = [.. _made.Select(made => made.Ticket), .. _givenUp, .. _expired, .. cancelled];
        Assert.Equal((0, 0), (_queue.Waiting, _queue.UnderWay));
        Assert.Equal(all.Count, gone.Length);
        Assert.Equal(all.Count, gone.Distinct().Count());
    }

    private AnnounceTicket Add(string host, AnnounceUrgency urgency = AnnounceUrgency.Downloading, bool isUdp = false)
    {
        AnnounceTicket ticket = new(host, urgency) { IsUdp = isUdp };
        Assert.True(_queue.TryAdd(ticket, _now));
        return ticket;
    }

    /// <summary>Makes the announces that are due for a while; each takes this long, and ends in this way.</summary>
    private void RunFor(TimeSpan duration, Func<AnnounceTicket, (TimeSpan Takes, TurnEnd End)> answer)
    {
        Timestamp end = _now + duration;
        while (true)
        {
            foreach ((AnnounceTicket ticket, (_, TurnEnd how)) in _underWay.Where(ticket => ticket.Value.Ends <= _now).ToArray())
            {
                _underWay.Remove(ticket);
                _queue.OnEnded(ticket, how, _givenUp);
            }

            _queue.TakeExpired(_now, _expired);
            while (_queue.TryTake(_now) is { } taken)
            {
                _made.Add((taken, _now));
                (TimeSpan takes, TurnEnd how) = answer(taken);
                _underWay.Add(taken, (_now + takes, how));
            }

            Timestamp next = _underWay.Count == 0
                ? _queue.NextDue
                : Timestamp.Min(_queue.NextDue, _underWay.Values.Min(value => value.Ends));
            if (next > end)
                break;
            _now = next > _now ? next : _now;
        }

        _now = end;
    }
}

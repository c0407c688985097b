using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>Schedules of ten thousand torrents and the one queue of their session, for hours of a virtual clock.</summary>
public class AnnounceLoadTests
{
    private const int Torrents = 10_000;
    private const string Url = "http://t.example/announce";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(30);
    private static readonly InfoHash Swarm = new(new byte[20]);

    private readonly AnnounceQueue _queue = new();
    private readonly AnnounceSchedule[] _schedules = new AnnounceSchedule[Torrents];
    private readonly PriorityQueue<int, Timestamp> _wakeUps = new();
    private readonly Queue<(Ticket Ticket, Timestamp Ends)> _underWay = new();
    private readonly List<(Ticket Ticket, Timestamp At)> _made = [];
    private readonly Timestamp _began = new(TimeSpan.TicksPerHour);
    private Timestamp _now = new(TimeSpan.TicksPerHour);
    private TimeSpan _answerTime;

    /// <summary>Also by a tracker that takes its time, and where it is announced to over both families: it is one server.</summary>
    [Theory]
    [InlineData(200, 1)]
    [InlineData(1_000, 1)]
    [InlineData(2_000, 1)]
    [InlineData(200, 2)]
    [InlineData(2_000, 2)]
    public void Ten_thousand_torrents_of_one_tracker_are_announced_at_their_interval_and_little_later_and_never_in_a_burst(
        int milliseconds, int familyCount)
    {
        _answerTime = TimeSpan.FromMilliseconds(milliseconds);
        AnnounceFamily[] families = familyCount == 1 ? [AnnounceFamily.Any] : [AnnounceFamily.IPv4, AnnounceFamily.IPv6];
        Random random = new(3);
        for (int i = 0; i < Torrents; i++)
        {
            _schedules[i] = new AnnounceSchedule([[Url]], [Swarm], [.. families], default, random);
            _schedules[i].Start(_now);
            Poll(i);
        }

        RunFor(TimeSpan.FromHours(4));

        // Each announces at its interval, spread by a sixteenth, and waits for little.
        TimeSpan most = Interval + (Interval / 16) + TimeSpan.FromMinutes(1);
        TimeSpan longest = TimeSpan.Zero;
        foreach (IGrouping<(int, AnnounceTarget), Timestamp> announces in _made.GroupBy(KeyOf, made => made.At))
        {
            Timestamp[] at = [.. announces];
            Assert.InRange(at.Length, 7, 9);
            foreach ((Timestamp first, Timestamp second) in at.Zip(at.Skip(1)))
            {
                Assert.True(second - first >= Interval, $"{announces.Key} after only {second - first}");
                longest = second - first > longest ? second - first : longest;
            }
        }

        Assert.Equal(familyCount * Torrents, _made.Select(KeyOf).Distinct().Count());
        int[] perSecond = [.. _made.GroupBy(made => (int)(made.At - _began).TotalSeconds).Select(second => second.Count())];
        Assert.InRange(perSecond.Max(), 1, 2 * TrackerLimits.HostAnnouncesPerSecond);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{_made.Count} announces, at most {perSecond.Max()} in a second, the last first one after "
            + $"{(_made.DistinctBy(KeyOf).Max(made => made.At) - _began).TotalSeconds:0} s, at most {longest:mm\\:ss} between two of one");
        Assert.InRange(longest, Interval, most);
    }

    private static (int Torrent, AnnounceTarget Target) KeyOf((Ticket Ticket, Timestamp At) made) =>
        (made.Ticket.Torrent, made.Ticket.Target);

    private void RunFor(TimeSpan time)
    {
        for (Timestamp end = _began + time; _now < end; _now = Next())
        {
            while (_underWay.TryPeek(out (Ticket Ticket, Timestamp Ends) first) && first.Ends <= _now)
                Answer(_underWay.Dequeue().Ticket);
            while (_wakeUps.TryPeek(out int torrent, out Timestamp due) && due <= _now)
            {
                _wakeUps.Dequeue();
                Poll(torrent);
            }

            while (_queue.TryTake(_now) is Ticket ticket)
            {
                _made.Add((ticket, _now));
                _underWay.Enqueue((ticket, _now + _answerTime));
            }
        }
    }

    private Timestamp Next()
    {
        Timestamp next = _queue.NextDue;
        if (_wakeUps.TryPeek(out _, out Timestamp due))
            next = Timestamp.Min(next, due);
        if (_underWay.TryPeek(out (Ticket Ticket, Timestamp Ends) first))
            next = Timestamp.Min(next, first.Ends);
        return Timestamp.Max(next, _now + TimeSpan.FromTicks(1));
    }

    private void Poll(int torrent)
    {
        List<DueAnnounce> due = [];
        _schedules[torrent].Poll(_now, due);
        foreach (DueAnnounce announce in due)
            Assert.True(_queue.TryAdd(new Ticket(torrent, announce.Target), _now));
        if (due.Count == 0)
            _wakeUps.Enqueue(torrent, _schedules[torrent].NextDue);
    }

    private void Answer(Ticket ticket)
    {
        _queue.OnEnded(ticket, TurnEnd.Answered, []);
        Assert.True(_schedules[ticket.Torrent].OnResponse(ticket.Target, new AnnounceResponse { Interval = Interval }, _now));
        _wakeUps.Enqueue(ticket.Torrent, _schedules[ticket.Torrent].NextDue);
    }

    private sealed class Ticket : AnnounceTicket
    {
        public Ticket(int torrent, AnnounceTarget target)
            : base($"t.example:80 {target.Family}", AnnounceUrgency.Seeding)
        {
            (Torrent, Target, Tracker) = (torrent, target, "t.example:80");
        }

        public int Torrent { get; }

        public AnnounceTarget Target { get; }
    }
}

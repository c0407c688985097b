using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Core.Trackers;

namespace Freshet.Core.Tests.Trackers;

/// <summary>A session's torrents at rest on a virtual clock, with trackers that answer, refuse or are dead.</summary>
public class ScrapeGatheringTests
{
    private const string Udp = "udp://t.example:6969/announce";
    private const string Http = "http://h.example/announce";
    private const string Other = "http://o.example/key/announce";

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);
    private static readonly Timestamp Began = new(TimeSpan.TicksPerHour);

    private readonly ScrapeGathering _gathering = new(new Random(1));
    private readonly List<(ScrapeBatch Batch, TimeSpan At)> _made = [];
    private readonly Dictionary<InfoHash, IReadOnlyList<TrackerStatus>> _resting = [];
    private readonly HashSet<InfoHash> _told = [];
    private Func<ScrapeBatch, object?> _answer = AllOf;
    private Timestamp _now = Began;

    [Theory]
    [InlineData(Udp, TrackerLimits.MaxUdpScrapedSwarms)]
    [InlineData(Http, ScrapeLimits.MaxHttpSwarms)]
    public void Torrents_of_one_tracker_are_scraped_together_with_a_pause_between_requests(string tracker, int most)
    {
        RestAll(1_000, tracker);
        RunFor(TimeSpan.FromMinutes(20));
        Assert.Equal(1_000, _told.Count);
        Assert.Equal((1_000 + most - 1) / most, _made.Count);
        Assert.All(_made, made => Assert.InRange(made.Batch.Swarms.Count, 1, most));
        Assert.All(_made.Zip(_made.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= ScrapeLimits.Pause));
        Assert.InRange(_made[0].At, ScrapeLimits.First, ScrapeLimits.First + (2 * Round));
    }

    [Fact]
    public void They_are_scraped_again_after_the_interval_and_stay_together()
    {
        RestAll(20, Http);
        RunFor(TimeSpan.FromMinutes(5));

        // One that comes later joins the others.
        Rest(20, Http);
        RunFor(TimeSpan.FromMinutes(100));
        Assert.Equal([20, 1, 21, 21, 21], _made.Select(static made => made.Batch.Torrents.Count));
        Assert.All(_made.Skip(2), made => Assert.InRange(
            made.At - _made[0].At, ScrapeLimits.Interval - TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(105)));
        Assert.True(_made[3].At - _made[2].At >= ScrapeLimits.Early);
    }

    [Fact]
    public void A_tracker_that_asks_for_more_time_between_scrapes_gets_it()
    {
        TimeSpan least = TimeSpan.FromHours(2);
        _answer = batch => AllOf(batch) with { MinInterval = least };
        RestAll(5, Http);
        RunFor(TimeSpan.FromHours(5));
        Assert.Equal(3, _made.Count);
        Assert.All(_made.Zip(_made.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= least));
    }

    [Fact]
    public void A_tracker_that_refuses_many_at_once_is_asked_about_fewer()
    {
        _answer = static batch => batch.Swarms.Count > 10 ? null : AllOf(batch);
        RestAll(50, Http);
        RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal(50, _told.Count);
        Assert.Equal([50, 12, 3], _made.Take(3).Select(static made => made.Batch.Swarms.Count));
        Assert.All(_made.Skip(2), made => Assert.InRange(made.Batch.Swarms.Count, 1, 3));
    }

    [Fact]
    public void A_tracker_that_answers_about_one_of_many_is_asked_about_each_alone()
    {
        _answer = static batch => Answer(batch.Swarms.Take(1));
        RestAll(5, Http);
        RunFor(TimeSpan.FromMinutes(2));
        Assert.Equal(5, _told.Count);
        Assert.Equal([5, 1, 1, 1, 1], _made.Select(static made => made.Batch.Swarms.Count));
    }

    [Fact]
    public void A_tracker_that_knows_one_of_many_is_not_asked_about_each()
    {
        InfoHash known = Hash(3);
        _answer = batch => Answer(batch.Swarms.Where(swarm => swarm == known));
        RestAll(40, Http);
        RunFor(TimeSpan.FromMinutes(5));
        Assert.Equal([known], _told);
        Assert.Equal([40, 1, 38], _made.Select(static made => made.Batch.Swarms.Count));
    }

    [Fact]
    public void A_tracker_that_refuses_every_scrape_is_left_alone_for_a_day()
    {
        _answer = static batch => batch.Tracker == Http ? null : AllOf(batch);
        RestAll(100, Http);
        Rest(100, Udp);
        RunFor(TimeSpan.FromHours(23));
        Assert.InRange(_made.Count(static made => made.Batch.Tracker == Http), 4, 10);
        Assert.Equal([Hash(100)], _told);

        _answer = AllOf;
        RunFor(TimeSpan.FromHours(3));
        Assert.Equal(101, _told.Count);
    }

    [Fact]
    public void A_dead_tracker_is_asked_rarely_and_its_torrents_turn_to_their_next()
    {
        _answer = static batch => batch.Tracker == Http ? "" : AllOf(batch);
        RestAll(200, Http, Other);
        RunFor(TimeSpan.FromMinutes(10));
        Assert.Equal(200, _told.Count);
        Assert.Single(_made, static made => made.Batch.Tracker == Http);
        Assert.Equal(4, _made.Count(static made => made.Batch.Tracker == Other));

        // The tracker that answers stays the first to be asked.
        RunFor(TimeSpan.FromHours(2));
        Assert.Single(_made, static made => made.Batch.Tracker == Http);
    }

    [Fact]
    public void A_torrent_that_one_tracker_does_not_know_is_looked_for_at_the_next()
    {
        _answer = static batch => batch.Tracker == Http ? Answer([]) : AllOf(batch);
        RestAll(3, Http, Other);
        RunFor(TimeSpan.FromMinutes(3));
        Assert.Equal([Http, Other], _made.Select(static made => made.Batch.Tracker));
        Assert.Equal(3, _told.Count);
    }

    [Fact]
    public void Trackers_that_take_no_scrapes_are_not_asked()
    {
        Rest(1, "http://h.example/a");
        Rest(2, "http://h.example/a", Http);
        Rest(3, Other, TrackerState.GivenUp);
        Rest(4, "wss://w.example/announce", TrackerState.Unsupported);
        RunFor(TimeSpan.FromHours(1));
        Assert.All(_made, static made => Assert.Equal(Http, made.Batch.Tracker));
        Assert.Equal([Hash(2)], _told);
    }

    [Fact]
    public void A_torrent_that_leaves_or_has_just_announced_is_not_scraped()
    {
        Rest(1, Http);
        RunFor(TimeSpan.FromSeconds(1));
        _resting.Clear();
        RunFor(TimeSpan.FromHours(1));
        Assert.Empty(_made);
        Assert.Equal(0, _gathering.Count);

        TrackerStatus status = StatusOf(Http, 0, TrackerState.Idle) with { Seeders = 4, LastAnnounce = TimeSpan.FromMinutes(3) };
        Timestamp began = _now;
        _gathering.Rest(Hash(2), [Hash(2)], [status], _now);
        List<ScrapeBatch> due = [];
        while (due.Count == 0)
        {
            _now += Round;
            _gathering.Rest(Hash(2), [Hash(2)], [status], _now);
            _gathering.EndRound(_now);
            _gathering.Take(_now, due);
        }

        Assert.InRange(_now - began, TimeSpan.FromMinutes(27), TimeSpan.FromMinutes(28));
    }

    [Fact]
    public void Dead_trackers_take_no_more_than_their_places()
    {
        for (int i = 0; i < 100; i++)
            Rest(i, $"http://dead{i}.example/announce");
        List<ScrapeBatch> due = [];
        for (int i = 0; i < 10; i++)
        {
            LookAround();
            _gathering.Take(_now, due);
            _now += Round;
        }

        Assert.Equal(ScrapeLimits.MaxUnderWay, due.Count);
    }

    [Fact]
    public void Both_swarms_of_a_hybrid_torrent_count_once()
    {
        _gathering.Rest(Hash(1), [Hash(1), Hash(2)], [StatusOf(Http, 0, TrackerState.Idle)], _now);
        _gathering.EndRound(_now);
        _now += Round;
        _gathering.Rest(Hash(1), [Hash(1), Hash(2)], [StatusOf(Http, 0, TrackerState.Idle)], _now);
        _gathering.EndRound(_now);
        List<ScrapeBatch> due = [];
        _gathering.Take(_now, due);
        Assert.Equal(2, Assert.Single(due).Swarms.Count);
        ScrapeResponse response = new()
        {
            Swarms = ImmutableDictionary<InfoHash, ScrapedSwarm>.Empty
                .Add(Hash(1), new ScrapedSwarm(5, null, 7, null)).Add(Hash(2), new ScrapedSwarm(3, 2, 9, null)),
        };
        Assert.Equal(new ScrapedSwarm(5, 2, 9, null), due[0].Torrents[0].CountsIn(response));
    }

    private static InfoHash Hash(int number)
    {
        byte[] bytes = new byte[InfoHash.Length];
        BitConverter.TryWriteBytes(bytes, number);
        return new InfoHash(bytes);
    }

    private static ScrapeResponse AllOf(ScrapeBatch batch) => Answer(batch.Swarms);

    private static ScrapeResponse Answer(IEnumerable<InfoHash> swarms) => new()
    {
        Swarms = swarms.ToImmutableDictionary(static swarm => swarm, static _ => new ScrapedSwarm(1, 2, 3, null)),
    };

    private static TrackerStatus StatusOf(string url, int tier, TrackerState state) => new() { Url = url, Tier = tier, State = state };

    private void RestAll(int count, params string[] trackers)
    {
        for (int i = 0; i < count; i++)
            Rest(i, trackers);
    }

    private void Rest(int number, params string[] trackers) =>
        _resting[Hash(number)] = [.. trackers.Select(static (url, tier) => StatusOf(url, tier, TrackerState.Idle))];

    private void Rest(int number, string tracker, TrackerState state) => _resting[Hash(number)] = [StatusOf(tracker, 0, state)];

    private void LookAround()
    {
        foreach ((InfoHash key, IReadOnlyList<TrackerStatus> trackers) in _resting)
            _gathering.Rest(key, [key], trackers, _now);
        _gathering.EndRound(_now);
    }

    // An answer, null for a refusal, or a text for silence.
    private void RunFor(TimeSpan time)
    {
        List<ScrapeBatch> due = [];
        for (Timestamp end = _now + time; _now < end; _now += TimeSpan.FromSeconds(1))
        {
            if ((_now - Began).TotalSeconds % Round.TotalSeconds == 0)
                LookAround();
            due.Clear();
            _gathering.Take(_now, due);
            foreach (ScrapeBatch batch in due)
            {
                _made.Add((batch, _now - Began));
                End(batch);
            }
        }
    }

    private void End(ScrapeBatch batch)
    {
        switch (_answer(batch))
        {
            case ScrapeResponse response:
                _told.UnionWith(
                    batch.Torrents.Where(torrent => torrent.CountsIn(response) is not null).Select(static torrent => torrent.Key));
                _gathering.OnAnswered(batch, response, _now);
                break;
            case null:
                _gathering.OnRefused(batch, _now);
                break;
            default:
                _gathering.OnUnreachable(batch, _now);
                break;
        }
    }
}

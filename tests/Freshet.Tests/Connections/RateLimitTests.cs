using Freshet.Connections;
using Freshet.Core.Rates;
using Freshet.Loops;

namespace Freshet.Tests.Connections;

public class RateLimitTests
{
    private readonly VirtualTime _time = new();

    [Fact]
    public void Without_a_limit_nobody_waits()
    {
        using RateLimit session = new(null, null, _time);
        using RateLimit torrent = new(null, session, _time);
        RateTicket ticket = new(new AsyncSignal());
        for (int i = 0; i < 100; i++)
            Assert.True(torrent.TryTake(1 << 30, ticket));
        Assert.Equal(1 << 20, torrent.Share(1 << 20));
    }

    [Theory]
    [InlineData(null, 1_000_000)]
    [InlineData(1_000_000, null)]
    [InlineData(1_000_000, 2_000_000)]
    [InlineData(2_000_000, 1_000_000)]
    public void The_tightest_limit_of_a_tree_is_kept(int? sessionRate, int? torrentRate)
    {
        using RateLimit session = Limit(sessionRate, null);
        using RateLimit torrent = Limit(torrentRate, session);
        Taker[] takers = [.. Enumerable.Range(0, 7).Select(_ => new Taker(torrent))];
        Run(takers, TimeSpan.FromSeconds(20));
        Assert.InRange(takers.Sum(taker => taker.Taken), 19_000_000, 21_000_000);
        Assert.All(takers, taker => Assert.InRange(taker.Taken, 2_400_000, 3_300_000));
    }

    [Fact]
    public void Torrents_share_what_the_session_has()
    {
        using RateLimit session = Limit(1_000_000, null);
        using RateLimit slow = Limit(200_000, session);
        using RateLimit fast = Limit(null, session);
        Taker[] takers = [new Taker(slow), new Taker(fast)];
        Run(takers, TimeSpan.FromSeconds(20));

        // It needs less than its half, and loses nothing by waiting in two queues.
        Assert.InRange(takers[0].Taken, 3_800_000, 4_200_000);
        Assert.InRange(takers.Sum(taker => taker.Taken), 19_000_000, 21_000_000);
    }

    [Theory]
    [InlineData(625_000)]
    [InlineData(5_000_000)]
    [InlineData(500_000_000)]
    public void Where_session_torrent_and_peer_are_all_limited_each_is_within_five_percent_in_any_five_seconds(int rate)
    {
        using RateLimit session = Limit(rate, null);
        using RateLimit limited = Limit((int)(rate * 0.3), session);
        using RateLimit free = Limit(null, session);
        (RateLimit Torrent, int? Rate)[] peers =
        [
            (limited, (int)(rate * 0.08)),
            (limited, null),
            (limited, null),
            (free, (int)(rate * 0.15)),
            (free, null),
            (free, null),
            (free, null),
        ];
        Taker[] takers = [.. peers.Select(peer => new Taker(Limit(peer.Rate, peer.Torrent)))];
        List<long[]> taken = [];
        for (int i = 0; i < 200; i++)
        {
            Run(takers, TimeSpan.FromMilliseconds(100));
            taken.Add([.. takers.Select(taker => taker.Taken)]);
        }

        AssertSteady(taken, ..7, rate);
        AssertSteady(taken, ..3, rate * 0.3);
        AssertSteady(taken, ..1, rate * 0.08);
        AssertSteady(taken, 3..4, rate * 0.15);
    }

    [Theory]
    [InlineData(50_000)]
    [InlineData(500_000_000)]
    public void Any_five_seconds_of_a_whole_tree_are_within_five_percent(int rate)
    {
        using RateLimit session = Limit(rate, null);
        using RateLimit one = Limit(null, session);
        using RateLimit other = Limit(null, session);
        Taker[] takers = [.. Enumerable.Range(0, 12).Select(i => new Taker(new RateLimit(null, i < 10 ? one : other, _time)))];
        List<long> totals = [];
        for (int i = 0; i < 200; i++)
        {
            Run(takers, TimeSpan.FromMilliseconds(100));
            totals.Add(takers.Sum(taker => taker.Taken));
        }

        for (int i = 10; i + 50 < totals.Count; i++)
            Assert.InRange((totals[i + 50] - totals[i]) / (5.0 * rate), 0.95, 1.05);
    }

    [Fact]
    public void A_torrent_with_many_connections_gets_no_more_than_one_with_few()
    {
        using RateLimit session = Limit(1_000_000, null);
        using RateLimit crowded = Limit(null, session);
        using RateLimit lonely = Limit(null, session);
        Taker[] many = [.. Enumerable.Range(0, 20).Select(_ => new Taker(new RateLimit(null, crowded, _time)))];
        Taker[] one = [new Taker(new RateLimit(null, lonely, _time)), new Taker(new RateLimit(null, lonely, _time))];

        // The first to come has the burst for itself.
        Run([.. many, .. one], TimeSpan.FromSeconds(2));
        Taker[] all = [.. many, .. one];
        long[] before = [.. all.Select(taker => taker.Taken)];
        Run(all, TimeSpan.FromSeconds(20));
        long[] taken = [.. all.Select((taker, i) => taker.Taken - before[i])];
        Assert.InRange(taken[^2..].Sum(), 9_500_000, 10_500_000);
        Assert.All(taken[..^2], bytes => Assert.InRange(bytes, 400_000, 600_000));
    }

    [Fact]
    public void A_connection_keeps_its_own_limit_and_that_of_a_new_parent()
    {
        using RateLimit session = Limit(1_000_000, null);
        using RateLimit local = Limit(null, null);
        using RateLimit peer = Limit(100_000, session);
        Taker taker = new(peer);
        Run([taker], TimeSpan.FromSeconds(10));
        Assert.InRange(taker.Taken, 950_000, 1_030_000);
        peer.SetRate(null);
        Run([taker], TimeSpan.FromSeconds(1));
        long before = taker.Taken;
        Run([taker], TimeSpan.FromSeconds(5));
        Assert.InRange(taker.Taken - before, 4_750_000, 5_250_000);
        peer.Parent = local;
        peer.SetRate(new DataRate(3_000_000));
        before = taker.Taken;
        Run([taker], TimeSpan.FromSeconds(5));
        Assert.InRange(taker.Taken - before, 14_000_000, 15_750_000);
    }

    [Fact]
    public void A_connection_that_leaves_the_queue_holds_nobody_up()
    {
        using RateLimit limit = Limit(1_000_000, null);
        RateTicket first = new(new AsyncSignal());
        RateTicket second = new(new AsyncSignal());
        RateTicket third = new(new AsyncSignal());
        Assert.True(limit.TryTake(2_000_000, first));
        Assert.False(limit.TryTake(100_000_000, second));
        Assert.False(limit.TryTake(1, third));
        second.Withdraw();
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.True(third.TryCollect());
        Assert.False(third.TryCollect());
        Assert.False(second.TryCollect());
    }

    [Fact]
    public void Control_messages_never_wait_but_others_wait_for_them()
    {
        using RateLimit limit = Limit(1_000_000, null);
        limit.Charge(3_000_000);
        RateTicket ticket = new(new AsyncSignal());
        Assert.False(limit.TryTake(1, ticket));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(ticket.TryCollect());
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(ticket.TryCollect());
    }

    [Fact]
    public void Lifting_the_limit_releases_all_who_wait()
    {
        using RateLimit limit = Limit(1_000, null);
        RateTicket[] tickets = [.. Enumerable.Range(0, 5).Select(_ => new RateTicket(new AsyncSignal()))];
        Assert.True(limit.TryTake(1_000_000, tickets[0]));
        Assert.All(tickets[1..], ticket => Assert.False(limit.TryTake(1_000_000, ticket)));
        limit.SetRate(null);
        Assert.All(tickets[1..], ticket => Assert.True(ticket.TryCollect()));
    }

    private static void AssertSteady(List<long[]> taken, Range takers, double rate)
    {
        for (int i = 10; i + 50 < taken.Count; i++)
        {
            double bytes = taken[i + 50][takers].Sum() - taken[i][takers].Sum();
            Assert.InRange(bytes / (5.0 * rate), 0.95, 1.05);
        }
    }

    [Fact]
    public void What_tcp_carries_has_a_limit_before_that_of_the_session()
    {
        using RateLimit ofTcp = Limit(1_000_000, null);
        using RateLimit session = new(new DataRate(5_000_000), null, _time) { OfTcp = ofTcp };
        using RateLimit torrent = Limit(null, session);
        RateLimit tcpPeer = new(null, torrent, _time) { IsTcp = true };
        Taker tcp = new(tcpPeer);
        Taker utp = new(new RateLimit(null, torrent, _time));
        Run([tcp, utp], TimeSpan.FromSeconds(20));
        Assert.InRange(tcp.Taken, 19_000_000, 21_000_000);
        Assert.InRange(utp.Taken, 76_000_000, 84_000_000);

        // Without the limit they take turns.
        ofTcp.SetRate(null);
        (long before, long beforeUtp) = (tcp.Taken, utp.Taken);
        Run([tcp, utp], TimeSpan.FromSeconds(20));
        Assert.InRange(tcp.Taken - before, 45_000_000, 55_000_000);
        Assert.InRange(utp.Taken - beforeUtp, 45_000_000, 55_000_000);

        // A peer that is exempt from the session's limit is exempt from this one.
        ofTcp.SetRate(new DataRate(1_000_000));
        using RateLimit local = Limit(4_000_000, null);
        tcpPeer.Parent = local;
        Run([tcp, utp], TimeSpan.FromSeconds(5));
        before = tcp.Taken;
        Run([tcp, utp], TimeSpan.FromSeconds(5));
        Assert.InRange(tcp.Taken - before, 19_000_000, 21_000_000);
    }

    /// <summary>Turns are the torrents', at the limit of TCP and at the session's.</summary>
    [Theory]
    [InlineData(1_000_000, 4_000_000)]
    [InlineData(4_000_000, 1_000_000)]
    [InlineData(900_000, 1_000_000)]
    public void Torrents_take_turns_at_the_limit_of_tcp_and_above_it(int ofTcpRate, int sessionRate)
    {
        using RateLimit ofTcp = Limit(ofTcpRate, null);
        using RateLimit session = new(new DataRate(sessionRate), null, _time) { OfTcp = ofTcp };
        using RateLimit crowded = Limit(null, session);
        using RateLimit lonely = Limit(null, session);
        Taker[] many = [.. Enumerable.Range(0, 10).Select(_ => new Taker(new RateLimit(null, crowded, _time) { IsTcp = true }))];
        Taker one = new(new RateLimit(null, lonely, _time) { IsTcp = true });
        Run([.. many, one], TimeSpan.FromSeconds(2));
        long before = one.Taken;
        long beforeMany = many.Sum(taker => taker.Taken);
        Run([.. many, one], TimeSpan.FromSeconds(20));
        double all = Math.Min(ofTcpRate, sessionRate) * 20.0;
        Assert.InRange((one.Taken - before) / all, 0.45, 0.55);
        Assert.InRange((many.Sum(taker => taker.Taken) - beforeMany) / all, 0.45, 0.55);
    }

    [Fact]
    public void Control_messages_and_what_was_not_used_count_at_the_limit_of_tcp()
    {
        using RateLimit ofTcp = Limit(1_000_000, null);
        using RateLimit session = new(null, null, _time) { OfTcp = ofTcp };
        using RateLimit peer = new(null, session, _time) { IsTcp = true };
        RateTicket ticket = new(new AsyncSignal());
        peer.Charge(3_000_000);
        peer.Return(3_000_000);
        Assert.True(peer.TryTake(1, ticket));
        peer.Charge(3_000_000);
        Assert.False(peer.TryTake(1, ticket));
        Assert.InRange(peer.Share(1_000_000), 1, 100_000);
        using RateLimit utp = new(null, session, _time);
        Assert.Equal(1_000_000, utp.Share(1_000_000));
    }

    private RateLimit Limit(int? rate, RateLimit? parent) => new(rate is { } limit ? new DataRate(limit) : null, parent, _time);

    private void Run(Taker[] takers, TimeSpan time)
    {
        for (int i = 0; i < time.TotalMilliseconds; i++)
        {
            foreach (Taker taker in takers)
                taker.Go();
            _time.Advance(TimeSpan.FromMilliseconds(1));
        }
    }

    /// <summary>Takes as fast as it is allowed to.</summary>
    private sealed class Taker(RateLimit limit)
    {
        private readonly RateTicket _ticket = new(new AsyncSignal());
        private int _asked;

        public long Taken { get; private set; }

        public void Go()
        {
            if (_ticket.TryCollect())
                Taken += _asked;
            while (!_ticket.IsQueued)
            {
                _asked = limit.Share(256 * 1024);
                if (!limit.TryTake(_asked, _ticket))
                    return;
                Taken += _asked;
            }
        }
    }
}

using Freshet.Core.Peers;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;

namespace Freshet.Core.Tests.Peers;

public class RequestPipelineTests
{
    private readonly RequestPipeline _pipeline = new();
    private readonly Queue<(BlockRef Block, Timestamp Due)> _atPeer = new();
    private Timestamp _now = new(TimeSpan.TicksPerDay);
    private int _next;
    private TimeSpan _heldUp;

    private PeerMoment At => new(_now, _now - _heldUp);

    [Fact]
    public void The_depth_doubles_with_each_round_trip_at_first()
    {
        _pipeline.LimitDepth(2000);
        List<int> depths = [];
        for (int round = 0; round < 6; round++)
        {
            depths.Add(_pipeline.Depth);
            AnswerEvenly(TimeSpan.FromMilliseconds(200));
        }

        Assert.Equal([4, 8, 16, 32, 64, 128], depths);
    }

    [Theory]
    [InlineData(20, 300)]
    [InlineData(20, 100)]
    [InlineData(100, 50)]
    public void Blocks_that_come_close_together_fill_a_fast_line_within_three_round_trips(int mebibytes, int milliseconds)
    {
        _pipeline.LimitDepth(2000);
        TimeSpan roundTrip = TimeSpan.FromMilliseconds(milliseconds);
        Simulate(mebibytes * 1024 * 1024, roundTrip, 3 * roundTrip);
        Assert.InRange(_pipeline.Depth, mebibytes * 64 * roundTrip.TotalSeconds, PeerLimits.MaxOutstandingRequests);
    }

    /// <summary>Little is requested from it, so its rate is low, however soon it answers.</summary>
    [Fact]
    public void An_idle_peer_is_expected_to_take_as_long_as_for_the_last_single_request()
    {
        Assert.Null(_pipeline.TimeWhenIdle);
        TimeSpan answer = TimeSpan.FromMilliseconds(300);
        for (int i = 0; i < 8; i++)
        {
            _pipeline.OnAsked(new BlockRef(default, i), At);
            Assert.Null(_pipeline.TimeWhenIdle);
            _now += answer;
            _pipeline.OnBlock(new BlockRef(default, i), Limits.BlockLength, At);
            Assert.Equal(answer, _pipeline.TimeWhenIdle);
            _now += TimeSpan.FromSeconds(1);
        }

        Assert.True(_pipeline.TimeFor(0) > answer);
    }

    [Theory]
    [InlineData(20_000, 50)]
    [InlineData(200_000, 300)]
    [InlineData(1_000_000, 50)]
    public void A_slow_peer_is_never_asked_for_more_than_it_sends_in_ten_seconds(int bytesPerSecond, int milliseconds)
    {
        _pipeline.LimitDepth(2000);
        for (int step = 0; step < 50; step++)
        {
            Simulate(bytesPerSecond, TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromMilliseconds(100));
            Assert.InRange(_pipeline.Depth, 1, Math.Max(8, bytesPerSecond * 10L / Limits.BlockLength));
        }
    }

    [Fact]
    public void Blocks_that_come_in_bursts_of_a_few_do_not_make_the_depth_great()
    {
        _pipeline.LimitDepth(2000);
        for (int round = 0; round < 25; round++)
        {
            Fill();
            _now += TimeSpan.FromMilliseconds(200);
            Answer(4);
            Assert.InRange(_pipeline.Depth, 4, 100);
        }

        Assert.InRange(_pipeline.Depth, 4, 50);
    }

    [Theory]
    [InlineData(100_000, 50)]
    [InlineData(2_000_000, 10)]
    [InlineData(5_000_000, 100)]
    public void The_depth_settles_at_the_rate_times_latency_and_queue(int bytesPerSecond, int latencyMilliseconds)
    {
        _pipeline.LimitDepth(2000);
        Simulate(bytesPerSecond, TimeSpan.FromMilliseconds(latencyMilliseconds), TimeSpan.FromSeconds(20));
        double wanted = bytesPerSecond * (1.5 + (latencyMilliseconds / 1000.0)) / Limits.BlockLength;
        Assert.InRange(_pipeline.Depth, wanted * 0.7, (wanted * 1.4) + 2);
        Assert.InRange(_pipeline.BytesPerSecond, bytesPerSecond * 0.7, bytesPerSecond * 1.4);
    }

    [Fact]
    public void The_depth_falls_with_the_rate()
    {
        _pipeline.LimitDepth(2000);
        Simulate(5_000_000, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(10));
        Assert.True(_pipeline.Depth > 300);
        Simulate(50_000, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(300));
        Assert.InRange(_pipeline.Depth, 2, 12);
    }

    [Fact]
    public void Requests_are_sent_in_batches_once_the_depth_is_great()
    {
        _pipeline.LimitDepth(2000);
        for (int round = 0; round < 7; round++)
            AnswerAll(TimeSpan.FromMilliseconds(20));
        Fill();
        Assert.Equal(0, _pipeline.Room);
        Answer(1);
        Assert.Equal(0, _pipeline.Room);
        Answer(_pipeline.Depth / 8);
        Assert.NotEqual(0, _pipeline.Room);
    }

    [Fact]
    public void Overdue_requests_are_returned_and_may_be_answered_late()
    {
        Simulate(200_000, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5));
        Fill();
        int depth = _pipeline.Depth;
        BlockRef oldest = _atPeer.Peek().Block;
        List<BlockRef> overdue = [];
        for (int i = 0; i < 25 && overdue.Count == 0; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            _pipeline.OnTick(At, overdue);
        }

        Assert.Equal(oldest, overdue[0]);
        Assert.False(_pipeline.IsSnubbed);
        Assert.True(_pipeline.Depth < depth);
        Assert.Equal(RequestPipeline.Answer.Late, _pipeline.OnBlock(oldest, Limits.BlockLength, At));
        Assert.Equal(RequestPipeline.Answer.Unrequested, _pipeline.OnBlock(oldest, Limits.BlockLength, At));
    }

    [Fact]
    public void Half_a_minute_of_silence_is_a_snub_until_a_block_comes()
    {
        Fill();
        List<BlockRef> overdue = [];
        _now += TimeSpan.FromSeconds(29);
        _pipeline.OnTick(At, overdue);
        Assert.False(_pipeline.IsSnubbed);
        _now += TimeSpan.FromSeconds(1);
        _pipeline.OnTick(At, overdue);
        Assert.True(_pipeline.IsSnubbed);
        Assert.Equal(PipelineDepth.First, overdue.Count);
        Assert.Equal(1, _pipeline.Room);
        _pipeline.OnBlock(overdue[2], Limits.BlockLength, At);
        Assert.False(_pipeline.IsSnubbed);
        Assert.True(_pipeline.Room > 1);
    }

    [Fact]
    public void Requests_made_after_a_time_out_do_not_hide_the_silence()
    {
        Simulate(200_000, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5));
        List<BlockRef> overdue = [];
        for (int i = 0; i < 31; i++)
        {
            Fill();
            _now += TimeSpan.FromSeconds(1);
            _pipeline.OnTick(At, overdue);
        }

        Assert.True(_pipeline.IsSnubbed);
    }

    [Fact]
    public void Time_in_which_we_do_not_read_makes_no_peer_late()
    {
        Simulate(200_000, TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(5));
        Fill();
        List<BlockRef> overdue = [];
        for (int i = 0; i < 120; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            _heldUp += TimeSpan.FromSeconds(1);
            _pipeline.OnTick(At, overdue);
            Assert.True(_pipeline.NextDue(At) > _now);
        }

        Assert.Empty(overdue);
        Assert.False(_pipeline.IsSnubbed);
        _now += TimeSpan.FromSeconds(30);
        _pipeline.OnTick(At, overdue);
        Assert.NotEmpty(overdue);
    }

    [Fact]
    public void Answers_in_any_order_are_matched()
    {
        _pipeline.LimitDepth(64);
        for (int round = 0; round < 5; round++)
            AnswerAll(TimeSpan.FromMilliseconds(20));
        Fill();
        BlockRef[] asked = [.. _atPeer.Select(entry => entry.Block)];
        new Random(3).Shuffle(asked);
        Assert.Equal(64, asked.Length);
        Assert.All(asked, block => Assert.Equal(RequestPipeline.Answer.Awaited, _pipeline.OnBlock(block, Limits.BlockLength, At)));
        Assert.Equal(0, _pipeline.Count);
    }

    [Fact]
    public void The_depth_respects_the_peers_queue_and_our_limit()
    {
        _pipeline.LimitDepth(int.MaxValue);
        for (int round = 0; round < 12; round++)
            AnswerAll(TimeSpan.FromMilliseconds(1));
        Assert.Equal(PeerLimits.MaxOutstandingRequests, _pipeline.Depth);
        _pipeline.LimitDepth(10);
        Assert.Equal(10, _pipeline.Depth);
    }

    private void Fill()
    {
        for (int room = _pipeline.Room; room > 0; room--)
        {
            BlockRef block = new(new PieceIndex(_next / 64), _next++ % 64);
            _pipeline.OnAsked(block, At);
            _atPeer.Enqueue((block, _now));
        }
    }

    private void Answer(int count)
    {
        for (; count > 0; count--)
            Assert.Equal(RequestPipeline.Answer.Awaited, _pipeline.OnBlock(_atPeer.Dequeue().Block, Limits.BlockLength, At));
    }

    private void AnswerAll(TimeSpan after)
    {
        Fill();
        _now += after;
        Answer(_atPeer.Count);
    }

    private void AnswerEvenly(TimeSpan within)
    {
        Fill();
        TimeSpan each = within / _atPeer.Count;
        for (int left = _atPeer.Count; left > 0; left--)
        {
            _now += each;
            Answer(1);
        }
    }

    /// <summary>A peer that sends at a rate, over a line with a latency, as long as it is asked.</summary>
    private void Simulate(int bytesPerSecond, TimeSpan latency, TimeSpan time)
    {
        TimeSpan perBlock = TimeSpan.FromSeconds(Limits.BlockLength / (double)bytesPerSecond);
        TimeSpan step = TimeSpan.FromMilliseconds(1);
        Timestamp lineFree = _now;
        List<BlockRef> overdue = [];
        for (Timestamp end = _now + time; _now < end; _now += step)
        {
            Fill();
            while (_atPeer.TryPeek(out (BlockRef Block, Timestamp AskedAt) oldest))
            {
                Timestamp begins = oldest.AskedAt + latency > lineFree ? oldest.AskedAt + latency : lineFree;
                if (begins + perBlock > _now)
                    break;
                lineFree = begins + perBlock;
                _atPeer.Dequeue();
                _pipeline.OnBlock(oldest.Block, Limits.BlockLength, At);
            }

            if (_now.Ticks / step.Ticks % 250 == 0)
                _pipeline.OnTick(At, overdue);
        }
    }
}

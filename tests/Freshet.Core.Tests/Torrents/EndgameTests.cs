using Freshet.Core.Pieces;
using Freshet.Core.Wire;

namespace Freshet.Core.Tests.Torrents;

public class EndgameTests(ITestOutputHelper output)
{
    private const int PieceLength = 1024 * 1024;
    private const double MB = 1_000_000;
    private static readonly TimeSpan Loopback = TimeSpan.FromMilliseconds(0.2);

    [Theory]
    [InlineData(2, 64, 20)]
    [InlineData(10, 256, 10)]
    [InlineData(50, 1024, 10)]
    [InlineData(200, 1024, 3)]
    [InlineData(200, 2048, 5)]
    public void Many_fast_uploaders_cause_few_duplicates(int seeds, int mebibytes, double megabytesPerSecond)
    {
        Random random = new(seeds);
        double[] rates = [.. Enumerable.Range(0, seeds).Select(_ => megabytesPerSecond * MB * (0.5 + random.NextDouble()))];
        Download(mebibytes, rates, Loopback, double.PositiveInfinity, mostTwice: 0.005);
    }

    [Theory]
    [InlineData(50, 500)]
    [InlineData(200, 430)]
    public void Uploaders_that_share_a_line_cause_few_duplicates(int seeds, double megabytesPerSecond) =>
        Download(1024, [.. Enumerable.Repeat(50 * MB, seeds)], Loopback, megabytesPerSecond * MB, mostTwice: 0.02);

    // What is requested from such a seed is in the buffers at once.
    [Theory]
    [InlineData(50, 10, 120)]
    [InlineData(50, 10, 300)]
    [InlineData(200, 5, 400)]
    public void Uploaders_that_pause_after_sending_everything_cause_few_duplicates(int seeds, int megabytesPerSecond, int shared)
    {
        UploaderSwarm swarm = new(seeds, new PieceLayout(PieceLength, [1024L * PieceLength]), shared * MB)
        {
            HasDeepBuffers = true,
            Pause = TimeSpan.FromSeconds(0.6),
        };
        for (int i = 0; i < seeds; i++)
            swarm.AddSeed(megabytesPerSecond * MB, Loopback);
        swarm.RunToTheEnd(TimeSpan.FromMinutes(2));
        double ideal = 1024 * (double)PieceLength / (shared * MB);
        output.WriteLine($"{swarm.Wasted:P2} twice, {swarm.TakenOver} taken over, {swarm.Elapsed.TotalSeconds:F2} s, ideal {ideal:F2} s");
        Assert.InRange(swarm.Wasted, 0, 0.015);
        Assert.InRange(swarm.Elapsed.TotalSeconds, ideal, (ideal * 1.1) + 1.5);
    }

    [Fact]
    public void Slow_and_fast_uploaders_far_away_cause_few_duplicates() => Download(
        128,
        [.. Enumerable.Range(0, 40).Select(i => i < 4 ? 5 * MB : i < 20 ? 0.3 * MB : 0.03 * MB)],
        TimeSpan.FromMilliseconds(60),
        double.PositiveInfinity,
        mostTwice: 0.005);

    [Fact]
    public void Blocks_owed_by_many_who_stop_near_the_end_come_from_others()
    {
        UploaderSwarm swarm = new(1, new PieceLayout(PieceLength, [128L * PieceLength]), double.PositiveInfinity);
        for (int i = 0; i < 20; i++)
            swarm.AddSeed(5 * MB, TimeSpan.FromMilliseconds(20), stopsAfter: i % 2 == 0 ? 350 : int.MaxValue);

        // At full speed it takes 1.4 s until they stop; after that hardly anything arrives.
        swarm.RunToTheEnd(TimeSpan.FromSeconds(30));
        output.WriteLine($"{swarm.Wasted:P2} twice, {swarm.Elapsed.TotalSeconds:F2} s");
        Assert.InRange(swarm.Elapsed.TotalSeconds, 1, 3);
        Assert.InRange(swarm.Wasted, 0, 0.02);
    }

    // The search for a block to take over must not grow with what a peer owes us.
    [Fact]
    public void Only_a_few_of_the_latest_requests_of_a_peer_are_examined()
    {
        var rig = new TorrentRig(pieces: 200).Start();
        PeerKey stalled = rig.ConnectSeed(1);
        int left = 200 * TorrentRig.BlocksPerPiece;
        Queue<BlockRange> owed = [];
        while (true)
        {
            foreach (BlockRange asked in rig.TakeRequests(stalled))
                owed.Enqueue(asked);
            if (owed.Count == left)
                break;
            rig.Pass(TimeSpan.FromMilliseconds(1));
            rig.Receive(stalled, rig.Block(owed.Dequeue()));
            rig.Hash(true);
            left--;
        }

        HashSet<PieceIndex> latest = [.. owed.TakeLast(Limits.EndgameProbes).Select(range => range.Piece)];
        PieceIndex[] earlier = [.. owed.Select(range => range.Piece).Distinct().Where(piece => !latest.Contains(piece))];
        Assert.True(earlier.Length > 2, $"only {owed.Count} are owed");
        PeerKey other = rig.Connect(2);
        rig.Receive(other, PeerMessage.Bitfield(rig.Pieces([.. earlier.Select(piece => piece.Value)])), PeerMessage.Unchoke);
        rig.Advance(TimeSpan.FromSeconds(2));
        Assert.Empty(rig.TakeRequests(other));
        rig.Receive(other, PeerMessage.Have(latest.First()));
        Assert.NotEmpty(rig.TakeRequests(other));
    }

    [Fact]
    public void It_finishes_when_one_peer_stalls()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey stalled = rig.ConnectSeed(1);
        Assert.Equal(4, rig.TakeRequests(stalled).Count);
        PeerKey other = rig.ConnectSeed(2);
        Assert.Empty(rig.TakeRequests(other));
        rig.Advance(TimeSpan.FromSeconds(2));
        rig.Serve(other);
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_block_that_another_peer_delivered_is_cancelled()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        PeerKey stalled = rig.ConnectSeed(1);
        List<BlockRange> asked = rig.TakeRequests(stalled);
        PeerKey other = rig.ConnectSeed(2);
        rig.Advance(TimeSpan.FromSeconds(2));
        List<BlockRange> doubles = rig.TakeRequests(other);
        Assert.Equal(asked.Order(Comparer<BlockRange>.Create((x, y) => y.Offset - x.Offset)), doubles);
        rig.Receive(other, rig.Block(doubles[0]));
        Assert.Contains(rig.Take(stalled), message => message.Id == MessageId.Cancel && message.Range == doubles[0]);

        // The cancel crosses the block on its way: it is wasted, but it is nobody's fault.
        rig.Receive(stalled, rig.Block(doubles[0]));
        Assert.Equal(Limits.BlockLength, rig.Machine.Snapshot(rig.Now).Wasted.Bytes);
        Assert.Null(rig.DropOf(stalled));
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_peer_that_has_sent_nothing_yet_is_never_the_last_one_asked()
    {
        var rig = new TorrentRig(pieces: 1).Start();
        rig.ConnectSeed(1);
        PeerKey second = rig.ConnectSeed(2);
        PeerKey third = rig.ConnectSeed(3);
        rig.Advance(TimeSpan.FromSeconds(5));
        List<BlockRange> ofSecond = rig.TakeRequests(second);
        List<BlockRange> ofThird = rig.TakeRequests(third);
        Assert.Equal(4, ofSecond.Count + ofThird.Count);
        PeerKey fourth = rig.ConnectSeed(4);
        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(rig.TakeRequests(fourth));
    }

    [Fact]
    public void Rejects_of_blocks_that_a_peer_was_not_asked_for_do_not_allow_more_duplicate_requests()
    {
        const int Seeds = 20;
        var rig = new TorrentRig(pieces: Seeds).Start();
        PeerKey[] stalled = [.. Enumerable.Range(1, Seeds).Select(number => rig.ConnectSeed(number))];
        Assert.Equal(Seeds * TorrentRig.BlocksPerPiece, stalled.Sum(seed => rig.TakeRequests(seed).Count));

        // At this moment they have stopped sending, but they are not late enough to be relieved in any case.
        rig.Advance(TimeSpan.FromSeconds(1));
        PeerKey[] others = [.. Enumerable.Range(Seeds + 1, Seeds).Select(number => rig.ConnectSeed(number))];
        Assert.Equal(64, others.Sum(other => rig.TakeRequests(other).Count));

        PeerKey liar = rig.Connect((2 * Seeds) + 1);
        for (int i = 0; i < rig.Layout.PieceCount * TorrentRig.BlocksPerPiece; i++)
        {
            PieceIndex piece = new(i / TorrentRig.BlocksPerPiece);
            int offset = i % TorrentRig.BlocksPerPiece * Limits.BlockLength;
            rig.Receive(liar, PeerMessage.RejectRequest(new BlockRange(piece, offset, Limits.BlockLength)));
        }

        rig.Machine.Tick(rig.Now);
        Assert.All(others, other => Assert.Empty(rig.TakeRequests(other)));
    }

    [Fact]
    public void A_long_queue_is_shared_with_an_idle_peer()
    {
        // The first sends a block in 100 ms and owes us many; the second finishes its own and takes over the last of those.
        UploaderSwarm swarm = new(1, new PieceLayout(PieceLength, [32L * PieceLength]), double.PositiveInfinity);
        swarm.AddSeed(0.16 * MB, Loopback);
        swarm.AddSeed(16 * MB, Loopback);
        swarm.RunToTheEnd(TimeSpan.FromSeconds(2.5));
        Assert.InRange(swarm.TakenOver, 1, 64);
        Assert.Equal(0, swarm.Wasted);
    }

    private void Download(int mebibytes, double[] rates, TimeSpan latency, double downlink, double mostTwice)
    {
        UploaderSwarm swarm = new(rates.Length, new PieceLayout(PieceLength, [(long)mebibytes * PieceLength]), downlink);
        foreach (double rate in rates)
            swarm.AddSeed(rate, latency);
        swarm.RunToTheEnd(TimeSpan.FromMinutes(2));
        double ideal = mebibytes * (double)PieceLength / Math.Min(rates.Sum(), downlink);
        output.WriteLine(
            $"{rates.Length} seeds: {swarm.Wasted:P2} twice, {swarm.TakenOver} taken over, "
            + $"{swarm.Elapsed.TotalSeconds:F2} s, at full speed {ideal:F2} s");
        Assert.InRange(swarm.Wasted, 0, mostTwice);
        Assert.InRange(swarm.Elapsed.TotalSeconds, ideal * 0.9, (ideal * 1.1) + 0.6);
    }
}

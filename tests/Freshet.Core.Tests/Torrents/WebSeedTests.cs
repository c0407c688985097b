using System.Collections.Immutable;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;
using Freshet.Core.WebSeeds;

namespace Freshet.Core.Tests.Torrents;

public class WebSeedTests
{
    private const string Url = "http://seed.test/";

    [Fact]
    public void A_single_web_seed_gives_the_whole_torrent_in_long_requests()
    {
        TorrentRig rig = Start(pieces: 200);
        int requests = ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.IsType<TorrentPhase.Seeding>(rig.Machine.Phase);
        Assert.Equal(0, rig.Machine.Snapshot(rig.Now).Wasted.Bytes);

        // 12.5 MiB in pieces of 64 KiB.
        Assert.InRange(requests, 7, 60);
        Assert.Empty(rig.Effects.Aborted);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void Requests_are_runs_of_whole_blocks_within_their_limit_and_few_at_once()
    {
        TorrentRig rig = Start(pieces: 200);
        long most = 0;
        while (rig.Effects.Fetches.Count > 0)
        {
            Assert.InRange(rig.Effects.Fetches.Count, 1, WebSeedLimits.MaxFetches);
            Assert.All(rig.Effects.Fetches, order => Assert.InRange(order.Length, Limits.BlockLength, WebSeedLimits.MaxFetchLength));
            Assert.All(rig.Effects.Fetches, order => Assert.Equal(0, order.Offset % Limits.BlockLength));
            most = Math.Max(most, rig.Effects.Fetches.Max(order => order.Length));
            Serve(rig, rig.Effects.Fetches[0]);
        }

        Assert.True(rig.Machine.Have.IsFull);
        Assert.True(most > WebSeedLimits.MinFetchLength, $"The longest request was for {most} bytes.");
    }

    [Fact]
    public void A_web_seed_that_fails_is_left_alone_for_longer_and_longer()
    {
        TorrentRig rig = Start(pieces: 8);
        TimeSpan before = TimeSpan.Zero;
        for (int failures = 1; failures <= 4; failures++)
        {
            Fail(rig, new FetchEnd(FetchFault.Unreachable) { Words = "seed.test refused" });
            WebSeedStatus status = Status(rig);
            Assert.Equal(WebSeedState.Resting, status.State);
            Assert.Equal("seed.test refused", status.Message);
            Assert.Equal(failures, status.Failures);
            Assert.True(status.RetryIn > before, $"{status.RetryIn} after {before}");
            before = status.RetryIn!.Value;
            rig.Advance(before - TimeSpan.FromSeconds(1));
            Assert.Empty(rig.Effects.Fetches);
            rig.Advance(TimeSpan.FromSeconds(2));
            Assert.NotEmpty(rig.Effects.Fetches);
        }

        ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal(0, Status(rig).Failures);
        Assert.Null(Status(rig).Message);
    }

    [Theory]
    [InlineData(90, 90)]
    [InlineData(0, 1)]
    [InlineData(1_000_000, WebSeedLimits.MaxRetryAfterSeconds)]
    public void A_server_says_itself_when_to_come_back_within_limits(int asked, int expected)
    {
        TorrentRig rig = Start(pieces: 8);
        Fail(rig, new FetchEnd(FetchFault.Busy) { Words = "busy", RetryAfter = TimeSpan.FromSeconds(asked) });
        Assert.Equal(TimeSpan.FromSeconds(expected), Status(rig).RetryIn);
    }

    [Fact]
    public void What_a_web_seed_owes_when_it_fails_is_requested_from_peers()
    {
        TorrentRig rig = Start(pieces: 8);
        Fail(rig, new FetchEnd(FetchFault.Unreachable));
        PeerKey peer = rig.ConnectSeed(1);
        rig.Serve(peer);
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_file_that_a_web_seed_lacks_is_not_requested_again_but_the_others_are()
    {
        // The piece in the middle has bytes of both.
        const int half = (2 * TorrentRig.PieceLength) + (TorrentRig.PieceLength / 2);
        TorrentRig rig = Start(pieces: 5, files: [half, half]);
        FetchOrder first = rig.Effects.Fetches[0];
        rig.Machine.OnFetchEnded(first.Seed, first.Key, new FetchEnd(FetchFault.WrongFile) { File = 1, Words = "404" }, rig.Now);
        Assert.Equal(WebSeedState.Active, Status(rig).State);
        Assert.Equal(0.4, Status(rig).Progress, 6);
        ServeAll(rig);
        Assert.Equal([0, 1], Enumerable.Range(0, 5).Where(piece => rig.Machine.Have[new PieceIndex(piece)]));

        // The rest is left to peers.
        rig.Serve(rig.ConnectSeed(1));
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void A_wrong_file_does_not_disturb_requests_for_other_files()
    {
        const long Half = 100 * TorrentRig.PieceLength;
        TorrentRig rig = Start(pieces: 200, files: [Half, Half]);
        PieceIndex lacking = new(150);
        while (!rig.Effects.Fetches.Exists(order => order.Offset >= Half))
            Serve(rig, rig.Effects.Fetches[0]);
        FetchOrder wrong = rig.Effects.Fetches.Find(order => order.Offset >= Half)!;
        FetchKey[] others = [.. rig.Effects.Fetches.Where(order => order.Offset + order.Length <= Half).Select(order => order.Key)];
        Assert.NotEmpty(others);
        rig.Effects.Fetches.Remove(wrong);
        rig.Machine.OnFetchEnded(wrong.Seed, wrong.Key, new FetchEnd(FetchFault.WrongFile) { File = 1, Words = "404" }, rig.Now);
        Assert.DoesNotContain(rig.Effects.Aborted, others.Contains);
        Assert.DoesNotContain(rig.Effects.Fetches, order => order.Offset >= Half);
        ServeAll(rig);
        Assert.Equal((100, false), (rig.Machine.Have.Count, rig.Machine.Have[lacking]));

        // What it does not have anybody else may give.
        rig.Serve(rig.ConnectSeed(1));
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_server_that_lost_all_of_many_files_is_left_alone_for_longer_and_longer()
    {
        ImmutableArray<long> files = [.. Enumerable.Repeat((long)TorrentRig.PieceLength, 500)];
        TorrentRig rig = Start(pieces: 500, files: files);
        int requests = 0;
        for (int second = 0; second < 600; second++)
        {
            while (rig.Effects.Fetches.Count > 0)
            {
                requests++;
                Fail(rig, new FetchEnd(FetchFault.WrongFile) { File = FileOf(rig.Effects.Fetches[0]), Words = "404" });
            }

            rig.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(WebSeedState.Resting, Status(rig).State);
        Assert.InRange(requests, WebSeedLimits.MaxWrongFilesInARow + 3, 40);

        // Once it has some again, it is asked as before.
        for (int second = 0; second < 7200 && !rig.Machine.Have.IsFull && Status(rig).State != WebSeedState.Idle; second++)
        {
            ServeAll(rig);
            rig.Advance(TimeSpan.FromSeconds(1));
        }

        // An hour later also those that it did not have.
        Assert.True(rig.Machine.Have.IsFull);

        static int FileOf(FetchOrder order) => (int)(order.Offset / TorrentRig.PieceLength);
    }

    [Fact]
    public void A_web_seed_without_any_usable_file_is_asked_again_after_an_hour()
    {
        TorrentRig rig = Start(pieces: 2);
        Fail(rig, new FetchEnd(FetchFault.WrongFile) { Words = "404" });
        Assert.Equal((WebSeedState.Resting, TimeSpan.FromHours(1)), (Status(rig).State, Status(rig).RetryIn));
        rig.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(rig.Effects.Fetches);
        Assert.Equal(WhyCode.WebSeedsFailed, rig.Machine.Snapshot(rig.Now).WhyCode);
        rig.Advance(TimeSpan.FromMinutes(2));
        ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal(1, Status(rig).Progress);
    }

    [Fact]
    public void A_file_that_a_web_seed_lacked_is_asked_for_again_after_an_hour_and_not_before()
    {
        const int Half = (2 * TorrentRig.PieceLength) + (TorrentRig.PieceLength / 2);
        TorrentRig rig = Start(pieces: 5, files: [Half, Half]);
        FetchOrder first = rig.Effects.Fetches[0];
        rig.Machine.OnFetchEnded(first.Seed, first.Key, new FetchEnd(FetchFault.WrongFile) { File = 1, Words = "404" }, rig.Now);
        ServeAll(rig);
        Assert.Equal(2, rig.Machine.Have.Count);
        rig.Advance(TimeSpan.FromMinutes(59));
        Assert.Empty(rig.Effects.Fetches);
        Assert.InRange(rig.Machine.NextDue(rig.Now) - rig.Now, TimeSpan.Zero, TimeSpan.FromMinutes(1.1));
        rig.Advance(TimeSpan.FromMinutes(1.1));
        Assert.Equal(WebSeedState.Active, Status(rig).State);
        ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void A_web_seed_without_ranges_is_asked_in_order_and_for_one_thing_at_a_time()
    {
        TorrentRig rig = Start(pieces: 200);
        while (rig.Effects.Fetches.Count > 0 && !rig.Effects.Fetches[0].IsInOrder)
            Fail(rig, new FetchEnd(FetchFault.NoRanges));
        Assert.Equal((WebSeedState.Active, 0), (Status(rig).State, Status(rig).Failures));
        long end = 0;
        int restarts = 0;
        while (rig.Effects.Fetches.Count > 0)
        {
            FetchOrder order = Assert.Single(rig.Effects.Fetches);
            Assert.True(order.IsInOrder);
            restarts += order.Offset < end ? 1 : 0;
            end = order.Offset + order.Length;
            Serve(rig, order);
        }

        Assert.True(rig.Machine.Have.IsFull);
        Assert.InRange(restarts, 0, 1);
    }

    [Fact]
    public void A_web_seed_that_makes_us_read_too_much_in_vain_rests()
    {
        TorrentRig rig = Start(pieces: 200);
        Fail(rig, new FetchEnd(FetchFault.None) { Skipped = WebSeedLimits.MaxSkippedInOrder });
        Assert.Equal(WebSeedState.Active, Status(rig).State);
        Fail(rig, new FetchEnd(FetchFault.None) { Skipped = 1 });
        Assert.Equal(WebSeedState.Resting, Status(rig).State);
        Assert.Contains("read in vain", Status(rig).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_web_seed_that_redirects_to_where_nobody_must_be_asked_may_pick_another_place_later()
    {
        TorrentRig rig = Start(pieces: 2);
        Fail(rig, new FetchEnd(FetchFault.Misdirected) { Words = "redirects to a loopback address" });
        Assert.Equal((WebSeedState.Resting, "redirects to a loopback address"), (Status(rig).State, Status(rig).Message));
        rig.Advance(TimeSpan.FromSeconds(80));
        ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void A_web_seed_that_must_not_be_asked_is_given_up()
    {
        TorrentRig rig = Start(pieces: 2);
        Fail(rig, new FetchEnd(FetchFault.Forbidden) { Words = "leads to a loopback address" });
        Assert.Equal((WebSeedState.GivenUp, "leads to a loopback address"), (Status(rig).State, Status(rig).Message));
    }

    [Fact]
    public void Data_that_fails_its_hash_bans_the_host_and_the_next_web_seed_takes_over()
    {
        TorrentRig rig = Start(pieces: 1, webSeeds: [Url, "http://seed.test/other/", "http://good.test/"]);
        FetchOrder bad = Assert.Single(rig.Effects.Fetches);
        Serve(rig, bad, hashOk: false);
        rig.Advance(TimeSpan.FromMilliseconds(500));
        ImmutableArray<WebSeedStatus> all = rig.Machine.WebSeeds(rig.Now);
        Assert.Equal([WebSeedState.Banned, WebSeedState.Banned, WebSeedState.Active], all.Select(seed => seed.State));
        Assert.Equal("sent data of piece 0 that failed its hash", all[0].Message);
        Assert.Equal("http://good.test/", Assert.Single(rig.Effects.Fetches).Url);
        ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_request_whose_rest_came_from_elsewhere_is_given_up()
    {
        TorrentRig rig = Start(pieces: 1);
        FetchOrder order = Assert.Single(rig.Effects.Fetches);
        rig.Advance(TimeSpan.FromSeconds(2));
        PeerKey peer = rig.ConnectSeed(1);
        rig.Serve(peer);
        rig.Advance(TimeSpan.FromSeconds(2));
        rig.Serve(peer);
        Assert.True(rig.Machine.Have.IsFull);
        Assert.Equal([order.Key], rig.Effects.Aborted);

        // A block that was on its way is not lost.
        BlockRange late = new(new PieceIndex(0), 0, Limits.BlockLength);
        rig.Machine.OnFetched(order.Seed, order.Key, late, rig.Block(late).Lease, rig.Now);
        rig.AssertLeasesAreSettled();
    }

    [Fact]
    public void A_stop_gives_up_what_is_under_way_and_the_next_run_requests_it_again()
    {
        TorrentRig rig = Start(pieces: 100);
        int before = rig.Effects.Fetches.Count;
        rig.Machine.Stop(rig.Now);
        Assert.Empty(rig.Effects.Fetches);
        Assert.Equal(before, rig.Effects.Aborted.Count);
        rig.Advance(TimeSpan.FromSeconds(5));
        Assert.Empty(rig.Effects.Fetches);
        Assert.Equal(WebSeedState.Idle, Status(rig).State);
        rig.Start();
        rig.Advance(TimeSpan.FromMilliseconds(500));
        ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void Nothing_is_requested_while_the_disk_does_not_accept_it()
    {
        TorrentRig rig = Start(pieces: 100);
        rig.Machine.OnDiskFailed(new DiskFailure(DiskOperation.Write, "full", []) { Code = TorrentReason.DiskFull }, rig.Now);
        rig.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Empty(rig.Effects.Fetches);
        Assert.Equal(WebSeedState.Idle, Status(rig).State);
        rig.Machine.OnDiskRecovered(rig.Now);
        rig.Advance(TimeSpan.FromMilliseconds(500));
        Assert.NotEmpty(rig.Effects.Fetches);
    }

    [Fact]
    public void A_private_torrent_keeps_its_web_seeds()
    {
        TorrentRig rig = new(pieces: 2, isPrivate: true, webSeeds: [Url]);
        rig.Start();
        rig.Advance(TimeSpan.FromMilliseconds(500));
        ServeAll(rig);
        Assert.True(rig.Machine.Have.IsFull);
    }

    [Fact]
    public void A_few_of_many_web_seeds_are_used_and_the_others_stand_by()
    {
        TorrentRig rig = Start(pieces: 300, webSeeds: [.. Enumerable.Range(0, 30).Select(i => $"http://seed{i}.test/")]);
        Assert.Equal(WebSeedLimits.MaxActive, rig.Machine.WebSeeds(rig.Now).Count(seed => seed.State == WebSeedState.Active));
        Fail(rig, new FetchEnd(FetchFault.Unreachable));
        rig.Advance(TimeSpan.FromMilliseconds(500));
        ImmutableArray<WebSeedStatus> all = rig.Machine.WebSeeds(rig.Now);
        Assert.Equal(WebSeedLimits.MaxActive, all.Count(seed => seed.State == WebSeedState.Active));
        Assert.Equal(1, all.Count(seed => seed.State == WebSeedState.Resting));
    }

    [Fact]
    public void A_web_seed_of_another_kind_is_not_asked()
    {
        TorrentRig rig = Start(pieces: 2, webSeeds: ["ftp://seed.test/"]);
        Assert.Empty(rig.Effects.Fetches);
        Assert.Equal(WebSeedState.Unsupported, Status(rig).State);
        Assert.Equal("only http and https are supported", Status(rig).Message);
    }

    [Fact]
    public void A_silent_web_seed_is_asked_for_no_more_than_a_silent_peer()
    {
        TorrentRig rig = Start(pieces: 100);
        int before = rig.Effects.Fetches.Count;
        rig.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(before, rig.Effects.Aborted.Count);
        Assert.Equal(Limits.BlockLength, Assert.Single(rig.Effects.Fetches).Length);
    }

    [Fact]
    public void Time_in_which_we_do_not_read_is_not_a_web_seeds_silence()
    {
        TorrentRig rig = Start(pieces: 100);
        rig.Effects.PausesOf(rig.Effects.Fetches[0].Seed).Begin(rig.Now);
        rig.Advance(TimeSpan.FromSeconds(100));
        Assert.Empty(rig.Effects.Aborted);
    }

    [Fact]
    public void A_web_seed_and_peers_share_the_work_without_duplicates()
    {
        TorrentRig rig = Start(pieces: 60);
        PeerKey peer = rig.ConnectSeed(1);
        int rounds = 0;
        while (!rig.Machine.Have.IsFull && rounds++ < 1000)
        {
            rig.Serve(peer, rounds: 1);
            if (rig.Effects.Fetches.Count > 0)
                Serve(rig, rig.Effects.Fetches[0]);
            rig.Advance(TimeSpan.FromMilliseconds(10));
        }

        Assert.True(rig.Machine.Have.IsFull);
        TorrentStatus status = rig.Machine.Snapshot(rig.Now);
        Assert.Equal(rig.Layout.TotalLength, status.Downloaded.Bytes - status.Wasted.Bytes);
        Assert.InRange(Status(rig).Downloaded.Bytes, TorrentRig.PieceLength, rig.Layout.TotalLength - TorrentRig.PieceLength);
        rig.AssertLeasesAreSettled();
    }

    private static TorrentRig Start(int pieces, ImmutableArray<string> webSeeds = default, ImmutableArray<long> files = default)
    {
        TorrentRig rig = new(pieces, files: files, webSeeds: webSeeds.IsDefault ? [Url] : webSeeds);
        rig.Start();
        rig.Advance(TimeSpan.FromMilliseconds(250));
        return rig;
    }

    private static WebSeedStatus Status(TorrentRig rig) => rig.Machine.WebSeeds(rig.Now)[0];

    private static void Fail(TorrentRig rig, FetchEnd end)
    {
        FetchOrder order = rig.Effects.Fetches[0];
        rig.Machine.OnFetchEnded(order.Seed, order.Key, end, rig.Now);
        rig.Effects.Fetches.Remove(order);
    }

    // Returns how many requests it took.
    private static int ServeAll(TorrentRig rig)
    {
        int requests = 0;
        for (; rig.Effects.Fetches.Count > 0; requests++)
            Serve(rig, rig.Effects.Fetches[0]);
        return requests;
    }

    private static void Serve(TorrentRig rig, FetchOrder order, bool hashOk = true)
    {
        for (long offset = order.Offset; offset < order.Offset + order.Length;)
        {
            PieceIndex piece = rig.Layout.PieceAt(offset);
            BlockRange range = rig.Layout.RangeOf(new BlockRef(piece, (int)(offset - rig.Layout.OffsetOf(piece)) / Limits.BlockLength));
            rig.Pass(TimeSpan.FromMilliseconds(2));
            rig.Machine.OnFetched(order.Seed, order.Key, range, rig.Block(range).Lease, rig.Now);
            rig.Hash(hashOk);
            offset += range.Length;
        }

        rig.Effects.Fetches.Remove(order);
        rig.Machine.OnFetchEnded(order.Seed, order.Key, default, rig.Now);
    }
}

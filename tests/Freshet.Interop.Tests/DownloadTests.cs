namespace Freshet.Interop.Tests;

/// <summary>Other clients seed; Freshet downloads.</summary>
public class DownloadTests : InteropTest
{
    public static TheoryData<ClientKind, SampleKind> SeedsAndSamples => new()
    {
        { ClientKind.Libtorrent, SampleKind.SingleFile },
        { ClientKind.Libtorrent, SampleKind.ManyFiles },
        { ClientKind.Transmission, SampleKind.SingleFile },
        { ClientKind.Transmission, SampleKind.ManyFiles },
        { ClientKind.Aria2, SampleKind.SingleFile },
        { ClientKind.Aria2, SampleKind.ManyFiles },
        { ClientKind.RTorrent, SampleKind.ManyFiles },
    };

    [Theory]
    [MemberData(nameof(SeedsAndSamples))]
    public Task From_one_seed_found_through_opentracker(ClientKind seed, SampleKind sample) => CaseAsync(() =>
        DownloadThroughTrackerAsync(ClientKind.Opentracker, Sample(sample), seed));

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    [InlineData(ClientKind.RTorrent)]
    [InlineData(ClientKind.QBittorrent)]
    public Task From_one_seed_found_through_our_own_tracker(ClientKind seed) => CaseAsync(() =>
        DownloadThroughTrackerAsync(ClientKind.Freshet, Sample(SampleKind.ManyFiles), seed));

    /// <summary>Both announce over UDP; only the test's own requests go over HTTP.</summary>
    [Theory]
    [InlineData(ClientKind.Opentracker, ClientKind.Libtorrent)]
    [InlineData(ClientKind.Opentracker, ClientKind.Transmission)]
    [InlineData(ClientKind.Freshet, ClientKind.Libtorrent)]
    [InlineData(ClientKind.Freshet, ClientKind.Transmission)]
    [InlineData(ClientKind.Freshet, ClientKind.Aria2)]
    [InlineData(ClientKind.Freshet, ClientKind.RTorrent)]
    [InlineData(ClientKind.Freshet, ClientKind.QBittorrent)]
    public Task From_one_seed_found_over_udp(ClientKind tracker, ClientKind seed) => CaseAsync(() =>
        DownloadThroughTrackerAsync(tracker, Sample(SampleKind.SingleFile), asksOverUdp: true, seed));

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public Task From_all_of_them_together(SampleKind sample) => CaseAsync(() =>
        DownloadThroughTrackerAsync(
            ClientKind.Opentracker, Sample(sample), ClientKind.Libtorrent, ClientKind.Transmission, ClientKind.Aria2));

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    [InlineData(ClientKind.RTorrent)]
    public Task From_a_peer_named_on_the_command_line(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = NewFreshet(seed.EndPoint);
        await DownloadAsync(freshet, torrent);
    });

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.RTorrent)]
    public Task From_a_seed_that_dials_us(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.ManyFiles);
        PeerClient seed = New(kind);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = NewFreshet();
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await seed.DialAsync(freshet.EndPoint);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    [Fact]
    public Task Without_the_seed_option_it_leaves_when_it_is_done() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(ClientKind.Libtorrent);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work) { Peers = [seed.EndPoint], SeedsAfterwards = false });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        Assert.Equal(0, await freshet.ExitAsync(Patience));
        Assert.Equal(torrent.InfoHash, (string?)freshet.Last("completed")?["infoHash"]);
        Assert.Equal(0, (int?)freshet.Last("finished")?["exitCode"]);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    private Task DownloadThroughTrackerAsync(ClientKind trackerKind, SampleTorrent torrent, params IReadOnlyList<ClientKind> seeds) =>
        DownloadThroughTrackerAsync(trackerKind, torrent, asksOverUdp: false, seeds);

    private async Task DownloadThroughTrackerAsync(
        ClientKind trackerKind, SampleTorrent torrent, bool asksOverUdp, params IReadOnlyList<ClientKind> seeds)
    {
        Require([ClientKind.Freshet, trackerKind, .. seeds]);
        Tracker tracker = await StartTrackerAsync(trackerKind, torrent);
        torrent = torrent.WithTracker(asksOverUdp ? tracker.UdpAnnounceUrl : tracker.AnnounceUrl);
        foreach (ClientKind kind in seeds)
        {
            PeerClient seed = New(kind, new ClientOptions { AsksOverUdp = asksOverUdp });
            await seed.SeedAsync(torrent, torrent.DataFolder);
        }

        // A client announces some time after it starts to listen. Ours asks again only when the tracker allows it, so all must be known
        // before.
        await TrackerScout.UntilPeersAsync(tracker, torrent, seeds.Count, Patience);
        await DownloadAsync(NewFreshet(), torrent);
    }

    private async Task DownloadAsync(FreshetClient freshet, SampleTorrent torrent)
    {
        string folder = NewFolder("freshet");
        await freshet.LeechAsync(torrent, folder);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(folder));
    }
}

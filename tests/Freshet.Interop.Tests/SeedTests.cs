namespace Freshet.Interop.Tests;

/// <summary>Freshet seeds; other clients download.</summary>
public class SeedTests : InteropTest
{
    public static TheoryData<ClientKind, SampleKind> LeechersAndSamples => new()
    {
        { ClientKind.Libtorrent, SampleKind.SingleFile },
        { ClientKind.Libtorrent, SampleKind.ManyFiles },
        { ClientKind.Transmission, SampleKind.SingleFile },
        { ClientKind.Transmission, SampleKind.ManyFiles },
        { ClientKind.Aria2, SampleKind.SingleFile },
        { ClientKind.Aria2, SampleKind.ManyFiles },
        { ClientKind.RTorrent, SampleKind.ManyFiles },
    };

    /// <summary>The leechers come first, so the seed must connect to them: Transmission connects to nobody on the loopback.</summary>
    [Theory]
    [MemberData(nameof(LeechersAndSamples))]
    public Task To_a_leecher_that_it_finds_through_opentracker(ClientKind leecher, SampleKind sample) => CaseAsync(() =>
        SeedThroughTrackerAsync(ClientKind.Opentracker, Sample(sample), leecher));

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    [InlineData(ClientKind.RTorrent)]
    [InlineData(ClientKind.QBittorrent)]
    public Task To_a_leecher_that_it_finds_through_our_own_tracker(ClientKind leecher) => CaseAsync(() =>
        SeedThroughTrackerAsync(ClientKind.Freshet, Sample(SampleKind.ManyFiles), leecher));

    [Fact]
    public Task To_five_different_clients_at_once() => CaseAsync(() => SeedThroughTrackerAsync(
        ClientKind.Opentracker,
        Sample(SampleKind.ManyFiles),
        ClientKind.Libtorrent,
        ClientKind.Transmission,
        ClientKind.Aria2,
        ClientKind.RTorrent,
        ClientKind.QBittorrent));

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.RTorrent)]
    public Task To_a_leecher_that_dials_it(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = NewFreshet();
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(kind);
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.DialAsync(freshet.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });

    /// <summary>
    /// aria2 asks the tracker and at once dials the peers that it learns of. When it has received many pieces at once, it sends its whole
    /// bitfield.
    /// </summary>
    [Theory]
    [InlineData(12, 256)]
    [InlineData(64, 32)]
    public Task To_aria2_that_finds_it_through_the_tracker(int mebibytes, int kibibytesPerPiece) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Aria2, ClientKind.Opentracker);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, (mebibytes * 1024L * 1024) + 12_345, kibibytesPerPiece * 1024);
        Tracker tracker = await StartTrackerAsync(ClientKind.Opentracker, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        await NewFreshet().SeedAsync(torrent, torrent.DataFolder);
        await TrackerScout.UntilPeersAsync(tracker, torrent, 1, Patience);
        PeerClient leecher = New(ClientKind.Aria2);
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });

    private async Task SeedThroughTrackerAsync(ClientKind trackerKind, SampleTorrent torrent, params IReadOnlyList<ClientKind> kinds)
    {
        Require([ClientKind.Freshet, trackerKind, .. kinds]);
        Tracker tracker = await StartTrackerAsync(trackerKind, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        List<PeerClient> leechers = [.. kinds.Select(kind => New(kind))];
        foreach (PeerClient leecher in leechers)
            await leecher.LeechAsync(torrent, NewFolder(leecher.Kind.ToString()));
        await TrackerScout.UntilPeersAsync(tracker, torrent, leechers.Count, Patience);

        await NewFreshet().SeedAsync(torrent, torrent.DataFolder);
        foreach (PeerClient leecher in leechers)
        {
            await leecher.WaitCompleteAsync(Patience);
            Assert.Empty(torrent.Differences(NewFolder(leecher.Kind.ToString()), leecher.WritesEmptyFiles));
        }
    }
}

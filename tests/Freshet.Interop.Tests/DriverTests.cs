namespace Freshet.Interop.Tests;

/// <summary>
/// The other clients among themselves. What fails here fails without Freshet: a client that does not behave as its driver expects, or a
/// machine that lacks something.
/// </summary>
public class DriverTests : InteropTest
{
    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    [InlineData(ClientKind.RTorrent)]
    public Task A_client_gets_many_files_from_a_seed_that_dials_it(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Libtorrent, kind);
        SampleTorrent torrent = SampleTorrents.ManyFiles(Work);
        PeerClient seed = New(ClientKind.Libtorrent);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(kind);
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await seed.DialAsync(leecher.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher"), leecher.WritesEmptyFiles));
    });

    [Theory]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    [InlineData(ClientKind.RTorrent)]
    public Task A_client_gives_a_file_to_a_leecher_that_dials_it(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Libtorrent, kind);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work);
        PeerClient seed = New(kind);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(ClientKind.Libtorrent);
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.DialAsync(seed.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });

    [Fact]
    public Task A_mixed_swarm_meets_at_opentracker() => CaseAsync(async () =>
    {
        ClientKind[] kinds = [ClientKind.Libtorrent, ClientKind.Transmission, ClientKind.Aria2];
        Require([ClientKind.Opentracker, .. kinds]);
        SampleTorrent torrent = SampleTorrents.ManyFiles(Work);
        torrent = torrent.WithTracker((await StartTrackerAsync(ClientKind.Opentracker, torrent)).AnnounceUrl);
        List<PeerClient> leechers = [.. kinds.Select(kind => New(kind))];
        foreach (PeerClient leecher in leechers)
            await leecher.LeechAsync(torrent, NewFolder(leecher.Kind.ToString()));

        // It comes last, so that its first announce tells it about all the others: they would not ask again for half an hour.
        PeerClient seed = New(ClientKind.Libtorrent);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        foreach (PeerClient leecher in leechers)
        {
            await leecher.WaitCompleteAsync(Patience);
            Assert.Empty(torrent.Differences(NewFolder(leecher.Kind.ToString()), leecher.WritesEmptyFiles));
        }
    });
}

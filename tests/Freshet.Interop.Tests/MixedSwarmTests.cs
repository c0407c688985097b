namespace Freshet.Interop.Tests;

/// <summary>Freshet and the others download together from one slow seed, so that they have to give to each other.</summary>
public class MixedSwarmTests : InteropTest
{
    private const long SeedRate = 1024 * 1024;

    [Theory]
    [InlineData(ClientKind.Opentracker)]
    [InlineData(ClientKind.Freshet)]
    public Task All_leechers_complete_and_the_seed_gives_less_than_one_copy_to_each(ClientKind trackerKind) => CaseAsync(async () =>
    {
        ClientKind[] others = [ClientKind.Libtorrent, ClientKind.Transmission, ClientKind.Aria2];
        Require([ClientKind.Freshet, trackerKind, .. others]);
        SampleTorrent torrent = Sample(SampleKind.ManyFiles);
        Tracker tracker = await StartTrackerAsync(trackerKind, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);

        List<PeerClient> leechers = [.. others.Select(kind => New(kind)), NewFreshet(), NewFreshet()];
        foreach (PeerClient leecher in leechers)
        {
            await leecher.LeechAsync(torrent, FolderOf(leecher));
            await TrackerScout.UntilPeersAsync(tracker, torrent, leechers.IndexOf(leecher) + 1, Patience);
        }

        LibtorrentClient seed = Own(new LibtorrentClient(Work, new ClientOptions { UploadLimit = SeedRate }));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        foreach (PeerClient leecher in leechers)
        {
            await leecher.WaitCompleteAsync(Patience);
            Assert.Empty(torrent.Differences(FolderOf(leecher), leecher.WritesEmptyFiles));
        }

        Assert.InRange(await seed.UploadedAsync(), torrent.Length, (leechers.Count - 1) * torrent.Length);
    });

    private string FolderOf(PeerClient client) => NewFolder($"{client.Kind}-{client.EndPoint.Port}");
}

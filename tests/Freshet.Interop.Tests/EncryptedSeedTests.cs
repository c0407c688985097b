namespace Freshet.Interop.Tests;

/// <summary>Freshet seeds to each client: encrypted, plain, and first one and then the other.</summary>
public class EncryptedSeedTests : EncryptedTransferCase
{
    [Theory]
    [MemberData(nameof(EncryptionCases.WhoWeDial), MemberType = typeof(EncryptionCases))]
    public Task To_a_leecher_that_we_dial(ClientKind kind, ClientEncryption theirs, string ours) => SeedAsync(kind, theirs, ours);

    [Theory]
    [MemberData(nameof(EncryptionCases.WhoDialsUs), MemberType = typeof(EncryptionCases))]
    public Task To_a_leecher_that_dials_us(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = Own(new FreshetClient(Work) { MoreOptions = ["--encryption", ours] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(kind, new ClientOptions { Encryption = theirs });
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.DialAsync(freshet.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Tcp, theirs, ours, Downloads: false, WeDial: false));
    });

    [Theory]
    [MemberData(nameof(EncryptionCases.WhoFindsUs), MemberType = typeof(EncryptionCases))]
    public Task To_a_leecher_told_of_us_by_a_tracker(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        Tracker tracker = await StartTrackerAsync(ClientKind.Freshet, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        FreshetClient freshet = Own(new FreshetClient(Work) { MoreOptions = ["--encryption", ours] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await TrackerScout.UntilPeersAsync(tracker, torrent, 1, Patience);
        PeerClient leecher = New(kind, new ClientOptions { Encryption = theirs });
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Tcp, theirs, ours, Downloads: false, WeDial: false));
    });
}

namespace Freshet.Interop.Tests;

/// <summary>Other clients seed: encrypted, plain, and first one and then the other, with either side dialling. Freshet downloads.</summary>
public class EncryptedDownloadTests : EncryptedTransferCase
{
    [Theory]
    [MemberData(nameof(EncryptionCases.WhoWeDial), MemberType = typeof(EncryptionCases))]
    [MemberData(nameof(EncryptionCases.SeedsWeDialToo), MemberType = typeof(EncryptionCases))]
    public Task From_a_seed_that_we_dial(ClientKind kind, ClientEncryption theirs, string ours) => DownloadAsync(kind, theirs, ours);

    [Theory]
    [MemberData(nameof(EncryptionCases.WhoDialsUs), MemberType = typeof(EncryptionCases))]
    public Task From_a_seed_that_dials_us(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind, new ClientOptions { Encryption = theirs });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work) { MoreOptions = ["--encryption", ours] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await seed.DialAsync(freshet.EndPoint);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Tcp, theirs, ours, Downloads: true, WeDial: false));
    });

    [Theory]
    [MemberData(nameof(EncryptionCases.WhoFindsUs), MemberType = typeof(EncryptionCases))]
    public Task From_a_seed_told_of_us_by_a_tracker(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        Tracker tracker = await StartTrackerAsync(ClientKind.Freshet, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        FreshetClient freshet = Own(new FreshetClient(Work) { MoreOptions = ["--encryption", ours] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));

        // Otherwise Freshet could learn of the seed first, and dial it.
        await freshet.UntilAsync(() => Task.FromResult(freshet.HasAnnounced), Patience, "has announced itself");
        PeerClient seed = New(kind, new ClientOptions { Encryption = theirs });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Tcp, theirs, ours, Downloads: true, WeDial: false));
    });
}

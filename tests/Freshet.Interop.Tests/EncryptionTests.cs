namespace Freshet.Interop.Tests;

/// <summary>
/// Connections encrypted, plain, and first one and then the other, with each client, each side dialling, data going each way. Where the two
/// sides begin differently, the transfer shows that the dial was repeated in the other way.
/// </summary>
public class EncryptionTests : InteropTest
{
    private const string Allowed = "allowed";
    private const string Preferred = "preferred";
    private const string Required = "required";
    private const string Disabled = "disabled";

    /// <summary>Transmission cannot be told to refuse encryption, and aria2 takes what comes unless it is to force it.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoWeDial => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.Transmission, ClientEncryption.Plain, Preferred },
        { ClientKind.Transmission, ClientEncryption.Preferred, Disabled },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Transmission, ClientEncryption.Rc4Required, Required },
        { ClientKind.Aria2, ClientEncryption.Plain, Preferred },
        { ClientKind.Aria2, ClientEncryption.Plain, Required },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.Aria2, ClientEncryption.Rc4Required, Required },
        { ClientKind.RTorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Preferred },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Allowed },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Required },
    };

    /// <summary>aria2 dials only whom a tracker names, and Transmission nobody on the loopback.</summary>
    public static TheoryData<ClientKind, ClientEncryption, string> WhoDialsUs => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain, Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Allowed },
        { ClientKind.Libtorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required, Required },
        { ClientKind.RTorrent, ClientEncryption.Preferred, Disabled },
        { ClientKind.RTorrent, ClientEncryption.Rc4Required, Required },
    };

    [Theory]
    [MemberData(nameof(WhoWeDial))]
    public Task From_a_seed_that_we_dial(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind, new ClientOptions { Encryption = theirs });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work) { Peers = [seed.EndPoint], MoreOptions = ["--encryption", ours] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    [Theory]
    [MemberData(nameof(WhoWeDial))]
    public Task To_a_leecher_that_we_dial(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient leecher = New(kind, new ClientOptions { Encryption = theirs });
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        FreshetClient freshet = Own(new FreshetClient(Work) { Peers = [leecher.EndPoint], MoreOptions = ["--encryption", ours] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher"), leecher.WritesEmptyFiles));
    });

    [Theory]
    [MemberData(nameof(WhoDialsUs))]
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
    });

    [Theory]
    [InlineData(ClientEncryption.Plain, Required)]
    [InlineData(ClientEncryption.Plain, Disabled)]
    [InlineData(ClientEncryption.Rc4Required, Required)]
    public Task To_aria2_that_a_tracker_tells_of_us(ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Aria2);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        Tracker tracker = await StartTrackerAsync(ClientKind.Freshet, torrent);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        FreshetClient freshet = Own(new FreshetClient(Work) { MoreOptions = ["--encryption", ours] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await TrackerScout.UntilPeersAsync(tracker, torrent, 1, Patience);
        PeerClient leecher = New(ClientKind.Aria2, new ClientOptions { Encryption = theirs });
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });
}

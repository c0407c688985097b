namespace Freshet.Interop.Tests;

/// <summary>A transfer over TCP with a peer that Freshet dials, with an encryption setting on each side.</summary>
public abstract class EncryptedTransferCase : InteropTest
{
    /// <summary>Freshet downloads.</summary>
    protected Task DownloadAsync(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind, new ClientOptions { Encryption = theirs });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work) { Peers = [seed.EndPoint], MoreOptions = ["--encryption", ours] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Tcp, theirs, ours, Downloads: true, WeDial: true));
    });

    /// <summary>Freshet seeds.</summary>
    protected Task SeedAsync(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient leecher = New(kind, new ClientOptions { Encryption = theirs });
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        FreshetClient freshet = Own(new FreshetClient(Work) { Peers = [leecher.EndPoint], MoreOptions = ["--encryption", ours] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher"), leecher.WritesEmptyFiles));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Tcp, theirs, ours, Downloads: false, WeDial: true));
    });
}

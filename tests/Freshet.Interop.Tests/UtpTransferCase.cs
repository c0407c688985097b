namespace Freshet.Interop.Tests;

/// <summary>A transfer over uTP alone with a peer that Freshet dials. Both sides have the same encryption setting.</summary>
public abstract class UtpTransferCase : InteropTest
{
    protected static ClientOptions Utp(ClientEncryption encryption) => new() { Utp = true, Encryption = encryption };

    /// <summary>Freshet downloads.</summary>
    protected Task DownloadAsync(ClientKind kind, ClientEncryption encryption) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind, Utp(encryption));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work, Utp(encryption)) { Peers = [seed.EndPoint] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        TakenWay.Require(freshet, WayCase.Same(kind, WayCase.Utp, encryption, downloads: true, weDial: true));
    });

    /// <summary>Freshet seeds.</summary>
    protected Task SeedAsync(ClientKind kind, ClientEncryption encryption) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient leecher = New(kind, Utp(encryption));
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        FreshetClient freshet = Own(new FreshetClient(Work, Utp(encryption)) { Peers = [leecher.EndPoint] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
        TakenWay.Require(freshet, WayCase.Same(kind, WayCase.Utp, encryption, downloads: false, weDial: true));
    });
}

namespace Freshet.Interop.Tests;

/// <summary>A transfer over uTP alone, with an encryption setting on each side.</summary>
public abstract class UtpTransferCase : InteropTest
{
    protected static ClientOptions Utp(ClientEncryption encryption) => new() { Utp = true, Encryption = encryption };

    /// <summary>Freshet downloads from a seed with the same setting, which it dials.</summary>
    protected Task DownloadAsync(ClientKind kind, ClientEncryption encryption) =>
        DownloadAsync(kind, encryption, WayCase.OursOf(encryption));

    /// <summary>Freshet downloads from a seed that it dials.</summary>
    protected Task DownloadAsync(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind, Utp(theirs));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = NewFreshet(ours, seed.EndPoint);
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Utp, theirs, ours, Downloads: true, WeDial: true));
    });

    /// <summary>Freshet seeds to a leecher with the same setting, which it dials.</summary>
    protected Task SeedAsync(ClientKind kind, ClientEncryption encryption) => SeedAsync(kind, encryption, WayCase.OursOf(encryption));

    /// <summary>Freshet seeds to a leecher that it dials.</summary>
    protected Task SeedAsync(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient leecher = New(kind, Utp(theirs));
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        FreshetClient freshet = NewFreshet(ours, leecher.EndPoint);
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Utp, theirs, ours, Downloads: false, WeDial: true));
    });

    /// <summary>Freshet downloads from a seed that dials it.</summary>
    protected Task DownloadFromDiallerAsync(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = NewFreshet(ours);
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        PeerClient seed = New(kind, Utp(theirs));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await seed.DialAsync(freshet.EndPoint);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Utp, theirs, ours, Downloads: true, WeDial: false));
    });

    /// <summary>Freshet seeds to a leecher that dials it.</summary>
    protected Task SeedToDiallerAsync(ClientKind kind, ClientEncryption theirs, string ours) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = NewFreshet(ours);
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(kind, Utp(theirs));
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.DialAsync(freshet.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
        TakenWay.Require(freshet, new WayCase(kind, WayCase.Utp, theirs, ours, Downloads: false, WeDial: false));
    });

    private FreshetClient NewFreshet(string encryption, params System.Net.IPEndPoint[] peers) =>
        Own(new FreshetClient(Work, new ClientOptions { Utp = true }) { Peers = peers, MoreOptions = ["--encryption", encryption] });
}

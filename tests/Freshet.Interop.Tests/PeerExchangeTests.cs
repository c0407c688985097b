namespace Freshet.Interop.Tests;

/// <summary>
/// Peers that are known only through ut_pex (BEP 11). The peer that both know takes so little that others do not get their data through it:
/// a peer that completes was connected to the seed.
/// </summary>
public class PeerExchangeTests : InteropTest
{
    private static readonly ClientOptions Common = new() { ExchangesPeers = true, DownloadLimit = 10_000 };

    /// <summary>The seed exchanges nothing, so it cannot learn of us and dial.</summary>
    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    public Task A_magnet_finds_a_seed_that_only_libtorrent_knows(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        PeerClient common = New(ClientKind.Libtorrent, Common);
        await common.LeechAsync(torrent, NewFolder("common"));
        await common.DialAsync(seed.EndPoint);
        await DownloadAsync(torrent, common);
    });

    /// <summary>
    /// Transmission dials nobody on the loopback, so the seed dials it. (aria2 does not read from peers while it is over its limit.)
    /// </summary>
    [Fact]
    public Task A_magnet_finds_a_seed_that_only_Transmission_knows() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Transmission);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient common = New(ClientKind.Transmission, Common);
        await common.LeechAsync(torrent, NewFolder("common"));
        PeerClient seed = New(ClientKind.Libtorrent);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await seed.DialAsync(common.EndPoint);
        await DownloadAsync(torrent, common);
    });

    /// <summary>Transmission dials nobody on the loopback, and aria2 cannot be told about us: the seed learns of them and dials.</summary>
    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Aria2)]
    public Task Our_own_peers_find_each_other(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient leecher = New(kind, Common);
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        LibtorrentClient seed = Own(new LibtorrentClient(Work, new ClientOptions { ExchangesPeers = true, UploadLimit = 50_000 }));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await NewFreshet(seed.EndPoint, leecher.EndPoint).LeechAsync(torrent, NewFolder("freshet"));
        await seed.UntilAsync(async () => await seed.PeersAsync() >= 2, Patience, "is connected to both");
    });

    private async Task DownloadAsync(SampleTorrent torrent, PeerClient common)
    {
        ClientOptions options = new() { Magnet = $"magnet:?xt=urn:btih:{torrent.InfoHash}&x.pe={common.EndPoint}" };
        FreshetClient freshet = Own(new FreshetClient(Work, options));
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    }
}

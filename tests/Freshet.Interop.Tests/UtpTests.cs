namespace Freshet.Interop.Tests;

/// <summary>Transfers over uTP: Freshet speaks nothing else, and the others, as far as they can, neither.</summary>
public class UtpTests : InteropTest
{
    private static readonly ClientOptions Utp = new() { Utp = true };

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    [InlineData(ClientKind.Freshet)]
    public Task Downloads_from_a_seed_that_it_dials(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind, Utp);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work, Utp) { Peers = [seed.EndPoint] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    [Theory]
    [InlineData(ClientKind.Libtorrent)]
    [InlineData(ClientKind.Transmission)]
    public Task Seeds_to_a_leecher_that_it_dials(ClientKind kind) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient leecher = New(kind, Utp);
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        FreshetClient freshet = Own(new FreshetClient(Work, Utp) { Peers = [leecher.EndPoint] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });

    [Fact]
    public Task Seeds_to_libtorrent_that_dials_it() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = Own(new FreshetClient(Work, Utp));
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(ClientKind.Libtorrent, Utp);
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.DialAsync(freshet.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });

    [Fact]
    public Task Downloads_from_libtorrent_that_dials_it() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = Own(new FreshetClient(Work, Utp));
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        PeerClient seed = New(ClientKind.Libtorrent, Utp);
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await seed.DialAsync(freshet.EndPoint);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });
}

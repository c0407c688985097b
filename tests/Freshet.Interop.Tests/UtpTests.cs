namespace Freshet.Interop.Tests;

/// <summary>Transfers over uTP: Freshet speaks nothing else, and the others, as far as they can, neither.</summary>
public class UtpTests : InteropTest
{
    private static readonly ClientOptions Both = new() { Utp = true, TcpToo = true };

    [Theory]
    [InlineData(ClientKind.Libtorrent, ClientEncryption.Plain)]
    [InlineData(ClientKind.Libtorrent, ClientEncryption.Preferred)]
    [InlineData(ClientKind.Libtorrent, ClientEncryption.Rc4Required)]
    [InlineData(ClientKind.Transmission, ClientEncryption.Plain)]
    [InlineData(ClientKind.Transmission, ClientEncryption.Rc4Required)]
    [InlineData(ClientKind.Freshet, ClientEncryption.Plain)]
    [InlineData(ClientKind.Freshet, ClientEncryption.Rc4Required)]
    public Task Downloads_from_a_seed_that_it_dials(ClientKind kind, ClientEncryption encryption) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(kind, Utp(encryption));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work, Utp(encryption)) { Peers = [seed.EndPoint] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    [Theory]
    [InlineData(ClientKind.Libtorrent, ClientEncryption.Plain)]
    [InlineData(ClientKind.Libtorrent, ClientEncryption.Rc4Required)]
    [InlineData(ClientKind.Transmission, ClientEncryption.Plain)]
    [InlineData(ClientKind.Transmission, ClientEncryption.Rc4Required)]
    public Task Seeds_to_a_leecher_that_it_dials(ClientKind kind, ClientEncryption encryption) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, kind);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient leecher = New(kind, Utp(encryption));
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        FreshetClient freshet = Own(new FreshetClient(Work, Utp(encryption)) { Peers = [leecher.EndPoint] });
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });

    [Theory]
    [InlineData(ClientEncryption.Plain)]
    [InlineData(ClientEncryption.Rc4Required)]
    public Task Seeds_to_libtorrent_that_dials_it(ClientEncryption encryption) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = Own(new FreshetClient(Work, Utp(encryption)));
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        PeerClient leecher = New(ClientKind.Libtorrent, Utp(encryption));
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.DialAsync(freshet.EndPoint);
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher")));
    });

    [Theory]
    [InlineData(ClientEncryption.Plain)]
    [InlineData(ClientEncryption.Rc4Required)]
    public Task Downloads_from_libtorrent_that_dials_it(ClientEncryption encryption) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        FreshetClient freshet = Own(new FreshetClient(Work, Utp(encryption)));
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        PeerClient seed = New(ClientKind.Libtorrent, Utp(encryption));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await seed.DialAsync(freshet.EndPoint);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    /// <summary>As freshet is unless told otherwise: whichever of the two the other side speaks is found.</summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    public Task Over_both_it_reaches_a_seed_that_speaks_either(bool utp, bool tcp) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        PeerClient seed = New(ClientKind.Libtorrent, new ClientOptions { Utp = utp, TcpToo = tcp });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        FreshetClient freshet = Own(new FreshetClient(Work, Both) { Peers = [seed.EndPoint] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    private static ClientOptions Utp(ClientEncryption encryption) => new() { Utp = true, Encryption = encryption };
}

namespace Freshet.Interop.Tests;

/// <summary>Transfers over uTP: Freshet speaks nothing else, and as far as possible the other clients do not either.</summary>
public class UtpTests : UtpTransferCase
{
    private static readonly ClientOptions Both = new() { Utp = true, TcpToo = true };

    /// <summary>The encryption setting of both sides, which is the same here.</summary>
    public static TheoryData<ClientKind, ClientEncryption> SeedsThatWeDial => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain },
        { ClientKind.Libtorrent, ClientEncryption.Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required },
        { ClientKind.QBittorrent, ClientEncryption.Plain },
        { ClientKind.QBittorrent, ClientEncryption.Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required },
        { ClientKind.Freshet, ClientEncryption.Plain },
        { ClientKind.Freshet, ClientEncryption.Rc4Required },
    };

    public static TheoryData<ClientKind, ClientEncryption> LeechersThatWeDial => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain },
        { ClientKind.Libtorrent, ClientEncryption.Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required },
        { ClientKind.QBittorrent, ClientEncryption.Plain },
        { ClientKind.QBittorrent, ClientEncryption.Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required },
    };

    public static TheoryData<ClientKind, ClientEncryption> WhoDialsUs => new()
    {
        { ClientKind.Libtorrent, ClientEncryption.Plain },
        { ClientKind.Libtorrent, ClientEncryption.Preferred },
        { ClientKind.Libtorrent, ClientEncryption.Rc4Required },
        { ClientKind.QBittorrent, ClientEncryption.Plain },
        { ClientKind.QBittorrent, ClientEncryption.Preferred },
        { ClientKind.QBittorrent, ClientEncryption.Rc4Required },
    };

    [Theory]
    [MemberData(nameof(SeedsThatWeDial))]
    public Task Downloads_from_a_seed_that_it_dials(ClientKind kind, ClientEncryption encryption) => DownloadAsync(kind, encryption);

    [Theory]
    [MemberData(nameof(LeechersThatWeDial))]
    public Task Seeds_to_a_leecher_that_it_dials(ClientKind kind, ClientEncryption encryption) => SeedAsync(kind, encryption);

    [Theory]
    [MemberData(nameof(WhoDialsUs))]
    public Task Seeds_to_a_leecher_that_dials_it(ClientKind kind, ClientEncryption encryption) =>
        SeedToDiallerAsync(kind, encryption, WayCase.OursOf(encryption));

    [Theory]
    [MemberData(nameof(WhoDialsUs))]
    public Task Downloads_from_a_seed_that_dials_it(ClientKind kind, ClientEncryption encryption) =>
        DownloadFromDiallerAsync(kind, encryption, WayCase.OursOf(encryption));

    /// <summary>With its default settings, freshet finds whichever of the two the other side speaks.</summary>
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
}

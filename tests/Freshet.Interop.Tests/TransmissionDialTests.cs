using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Transmission dials Freshet, which a tracker names, in a network of its own: it dials nobody in 127.0.0.0/8, where the other cases run.
/// </summary>
public class TransmissionDialTests : InteropTest
{
    /// <summary>Both sides have the same encryption setting.</summary>
    public static TheoryData<ClientEncryption> Settings =>
        [ClientEncryption.Plain, ClientEncryption.Preferred, ClientEncryption.Rc4Required];

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Freshet_downloads_over_TCP(ClientEncryption encryption) => DownloadAsync(WayCase.Tcp, encryption);

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Freshet_downloads_over_uTP(ClientEncryption encryption) => DownloadAsync(WayCase.Utp, encryption);

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Freshet_seeds_over_TCP(ClientEncryption encryption) => SeedAsync(WayCase.Tcp, encryption);

    [Theory]
    [MemberData(nameof(Settings))]
    public Task Freshet_seeds_over_uTP(ClientEncryption encryption) => SeedAsync(WayCase.Utp, encryption);

    private Task DownloadAsync(string transport, ClientEncryption encryption) => CaseAsync(async () =>
    {
        using NetworkNamespace network = NewNetwork();
        SampleTorrent torrent = await TrackedAsync(network);
        FreshetClient freshet = Own(new FreshetClient(Work, Options(network, transport, encryption)));
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await UntilAnnouncedAsync(freshet);
        PeerClient seed = New(ClientKind.Transmission, Options(network, transport, encryption));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        TakenWay.Require(freshet, WayCase.Same(ClientKind.Transmission, transport, encryption, downloads: true, weDial: false));
    });

    private Task SeedAsync(string transport, ClientEncryption encryption) => CaseAsync(async () =>
    {
        using NetworkNamespace network = NewNetwork();
        SampleTorrent torrent = await TrackedAsync(network);
        FreshetClient freshet = Own(new FreshetClient(Work, Options(network, transport, encryption)));
        await freshet.SeedAsync(torrent, torrent.DataFolder);
        await UntilAnnouncedAsync(freshet);
        PeerClient leecher = New(ClientKind.Transmission, Options(network, transport, encryption));
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher"), leecher.WritesEmptyFiles));
        TakenWay.Require(freshet, WayCase.Same(ClientKind.Transmission, transport, encryption, downloads: false, weDial: false));
    });

    private static ClientOptions Options(NetworkNamespace network, string transport, ClientEncryption encryption) => new()
    {
        Address = network.NextAddress(),
        Network = network,
        Utp = transport == WayCase.Utp,
        Encryption = encryption,
    };

    // Otherwise Freshet could learn of Transmission first, and dial it.
    private static Task UntilAnnouncedAsync(FreshetClient freshet) =>
        freshet.UntilAsync(() => Task.FromResult(freshet.HasAnnounced), Patience, "has announced itself");

    private static NetworkNamespace NewNetwork()
    {
        Require(ClientKind.Freshet, ClientKind.Transmission);
        NetworkNamespace? network = NetworkNamespace.TryCreate();
        Requires.That(network is not null, "Network namespaces cannot be created on this machine.");
        return network;
    }

    private async Task<SampleTorrent> TrackedAsync(NetworkNamespace network)
    {
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        return torrent.WithTracker((await StartTrackerAsync(ClientKind.Freshet, torrent, network)).AnnounceUrl);
    }
}

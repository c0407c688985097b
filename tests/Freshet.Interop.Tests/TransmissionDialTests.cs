using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// Transmission dials Freshet, which a tracker names, in a network of its own: it dials nobody in 127.0.0.0/8, where the other cases run.
/// </summary>
public class TransmissionDialTests : InteropTest
{
    /// <summary>Both sides have the same encryption setting.</summary>
    public static TheoryData<ClientEncryption> OverTcp =>
        [ClientEncryption.Plain, ClientEncryption.Preferred, ClientEncryption.Rc4Required];

    public static TheoryData<ClientEncryption> OverUtp => [ClientEncryption.Plain, ClientEncryption.Rc4Required];

    [Theory]
    [MemberData(nameof(OverTcp))]
    public Task Freshet_seeds_over_TCP(ClientEncryption encryption) => SeedAsync("Tcp", encryption);

    [Theory]
    [MemberData(nameof(OverUtp))]
    public Task Freshet_seeds_over_uTP(ClientEncryption encryption) => SeedAsync("Utp", encryption);

    private Task SeedAsync(string transport, ClientEncryption encryption) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Transmission);
        using NetworkNamespace? network = NetworkNamespace.TryCreate();
        Requires.That(network is not null, "Network namespaces cannot be created on this machine.");
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        Tracker tracker = await StartTrackerAsync(ClientKind.Freshet, torrent, network);
        torrent = torrent.WithTracker(tracker.AnnounceUrl);
        FreshetClient freshet = Own(new FreshetClient(Work, Options()));
        await freshet.SeedAsync(torrent, torrent.DataFolder);

        // Otherwise Freshet could learn of Transmission first, and dial it.
        await freshet.UntilAsync(() => Task.FromResult(freshet.HasAnnounced), Patience, "has announced itself");
        PeerClient leecher = New(ClientKind.Transmission, Options());
        await leecher.LeechAsync(torrent, NewFolder("leecher"));
        await leecher.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("leecher"), leecher.WritesEmptyFiles));
        TakenWay.Require(freshet, transport, weDial: false, ClientKind.Transmission, encryption, WaysTable.OursOf(encryption));

        ClientOptions Options() => new()
        {
            Address = network.NextAddress(),
            Network = network,
            Utp = transport == "Utp",
            Encryption = encryption,
        };
    });
}

using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>Freshet seeds to Transmission, which dials it.</summary>
public class TransmissionLeechTests : TransmissionDialCase
{
    [Theory]
    [MemberData(nameof(Settings))]
    public Task Freshet_seeds_to_a_leecher_that_dials_it(string transport, ClientEncryption encryption) => CaseAsync(async () =>
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
}

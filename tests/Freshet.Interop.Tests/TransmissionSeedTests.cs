using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>Freshet downloads from Transmission, which dials it.</summary>
public class TransmissionSeedTests : TransmissionDialCase
{
    [Theory]
    [MemberData(nameof(Settings))]
    public Task Freshet_downloads_from_a_seed_that_dials_it(string transport, ClientEncryption encryption) => CaseAsync(async () =>
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
}

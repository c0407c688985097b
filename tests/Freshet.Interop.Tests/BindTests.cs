using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>The one address that a session may use disappears in the middle of a download, as that of a VPN does.</summary>
public class BindTests : InteropTest
{
    private const int MiB = 1024 * 1024;

    [Fact]
    public Task While_the_address_is_gone_nothing_moves() => CaseAsync(async () =>
    {
        using NetworkNamespace? network = NetworkNamespace.TryCreate();
        Requires.That(network is not null, "Network namespaces cannot be created on this machine.");
        Assert.True(network.AddAddress("10.77.0.1/32") && network.AddAddress("10.77.0.2/32"));
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 24 * MiB);
        ClientOptions options = new() { UploadLimit = 4 * MiB, Address = IPAddress.Parse("10.77.0.1"), Network = network };
        FreshetClient seed = Own(new FreshetClient(Work, options));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        options = new ClientOptions { Address = IPAddress.Parse("10.77.0.2"), Network = network };
        FreshetClient freshet = Own(new FreshetClient(Work, options) { Peers = [seed.EndPoint] });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        await freshet.UntilAsync(() => Task.FromResult(freshet.Done > 0.1), Patience, "has begun");

        // Another address would lead to the seed as well.
        Assert.True(network.RemoveAddress("10.77.0.2/32"));
        await freshet.UntilAsync(
            () => Task.FromResult(freshet.Warnings.Any(IsAbout("not an address of this machine any more"))), Patience, "warns about it");
        await freshet.UntilAsync(() => Task.FromResult((int?)freshet.Last("progress")?["peers"] == 0), Patience, "has left the seed");
        Assert.False(await freshet.IsCompleteAsync());

        Assert.True(network.AddAddress("10.77.0.2/32"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Contains(freshet.Warnings, warning => IsAbout("an address of this machine again")(warning));
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    });

    private static Func<string, bool> IsAbout(string words) => warning => warning.Contains(words, StringComparison.Ordinal);
}

namespace Freshet.Interop.Tests;

/// <summary>A download that is ended in the middle goes on where it was. The seed counts what is asked of it.</summary>
public class InterruptionTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const long SeedRate = 4 * MiB;

    /// <summary>Incomplete pieces, blocks on the way, and what the last progress line, up to a second old, does not tell.</summary>
    private const long InFlight = 6 * MiB;

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public async Task After_Ctrl_C_it_continues(SampleKind sample) => await InterruptAsync(SampleOf(sample), async freshet =>
        Assert.Equal(130, await freshet.InterruptAsync()));

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public async Task After_kill_9_it_continues(SampleKind sample) =>
        await InterruptAsync(SampleOf(sample), freshet => freshet.KillAsync());

    [Fact]
    public async Task After_kill_9_again_and_again_it_gets_to_the_end()
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        const int Kills = 4;
        SampleTorrent torrent = SampleOf(SampleKind.SingleFile);
        LibtorrentClient seed = await StartSeedAsync(torrent);
        for (int i = 1; i <= Kills; i++)
        {
            FreshetClient killed = await StartAsync(seed, torrent);
            double goal = i * 0.15;
            await killed.UntilAsync(() => Task.FromResult(killed.Done >= goal), Patience, $"is at {goal:P0}");
            await killed.KillAsync();
        }

        await FinishAsync(seed, torrent);
        Assert.InRange(await seed.UploadedAsync(), torrent.Length, torrent.Length + (Kills * InFlight));
    }

    private async Task InterruptAsync(SampleTorrent torrent, Func<FreshetClient, Task> end)
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        LibtorrentClient seed = await StartSeedAsync(torrent);
        FreshetClient first = await StartAsync(seed, torrent);
        await first.UntilAsync(() => Task.FromResult(first.Done >= 0.5), Patience, "is half done");
        long verified = (long)(first.Done * torrent.Length);
        await end(first);
        Assert.False(await first.IsCompleteAsync());
        long uploaded = await seed.UploadedAsync();

        await FinishAsync(seed, torrent);
        Assert.InRange(await seed.UploadedAsync() - uploaded, 1, torrent.Length - verified + InFlight);
    }

    private SampleTorrent SampleOf(SampleKind kind) => kind == SampleKind.SingleFile
        ? SampleTorrents.SingleFile(Work, (32 * MiB) + 54_321)
        : SampleTorrents.ManyFiles(Work, largest: 24 * MiB);

    private async Task<LibtorrentClient> StartSeedAsync(SampleTorrent torrent)
    {
        LibtorrentClient seed = Own(new LibtorrentClient(Work, new ClientOptions { UploadLimit = SeedRate }));
        await seed.SeedAsync(torrent, torrent.DataFolder);
        return seed;
    }

    private async Task<FreshetClient> StartAsync(PeerClient seed, SampleTorrent torrent)
    {
        FreshetClient freshet = Own(new FreshetClient(Work)
        {
            Peers = [seed.EndPoint],
            SeedsAfterwards = false,
            StateFolder = Path.Combine(Work, "state"),
        });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        return freshet;
    }

    private async Task FinishAsync(PeerClient seed, SampleTorrent torrent)
    {
        FreshetClient last = await StartAsync(seed, torrent);
        Assert.Equal(0, await last.ExitAsync(Patience));
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    }
}

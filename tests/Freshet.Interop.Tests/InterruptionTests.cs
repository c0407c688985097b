namespace Freshet.Interop.Tests;

/// <summary>A download that is ended in the middle continues where it was. The seed counts what it is asked for.</summary>
public class InterruptionTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const long SeedRate = 4 * MiB;

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public Task After_Ctrl_C_it_continues(SampleKind sample) => CaseAsync(() => InterruptAsync(SampleOf(sample), async freshet =>
        Assert.Equal(130, await freshet.InterruptAsync())));

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public Task After_kill_9_it_continues(SampleKind sample) => CaseAsync(() =>
        InterruptAsync(SampleOf(sample), freshet => freshet.KillAsync()));

    /// <summary>
    /// <c>timeout</c> signals its child and then the group that both are in, which makes two signals within microseconds.
    /// </summary>
    [Fact]
    public Task Under_timeout_it_saves_its_state() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet);
        FreshetClient freshet = Own(new FreshetClient(Work) { Runner = ["timeout", "1h"], SeedsAfterwards = false });
        await freshet.LeechAsync(SampleTorrents.SingleFile(Work, MiB), NewFolder("freshet"));
        Assert.Equal(143, await freshet.TerminateAsync());
        Assert.Equal(143, (int?)freshet.Last("finished")?["exitCode"]);
    });

    private async Task InterruptAsync(SampleTorrent torrent, Func<FreshetClient, Task> end)
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        LibtorrentClient seed = await StartSeedAsync(torrent);
        FreshetClient first = await StartAsync(seed, torrent);
        TorrentPieces pieces = new(torrent);
        await first.UntilAsync(() => Task.FromResult(first.Done >= 0.5), Patience, "is half done");
        await first.UntilAsync(() => Task.FromResult(Recorded(torrent, pieces).Count > 0), Patience, "has recorded something");
        await end(first);
        Assert.False(await first.IsCompleteAsync());

        // What was recorded is not downloaded again; of a piece that was not recorded, no more than all of it.
        HashSet<int> recorded = Recorded(torrent, pieces);
        long uploaded = await seed.UploadedAsync();
        await FinishAsync(seed, torrent);
        long missing = Enumerable.Range(0, pieces.Count)
            .Where(piece => !recorded.Contains(piece))
            .Sum(piece => (long)pieces.LengthOf(piece));
        Assert.InRange(await seed.UploadedAsync() - uploaded, 1, missing);
    }

    private HashSet<int> Recorded(SampleTorrent torrent, TorrentPieces pieces) =>
        RecordedPieces.Read(Path.Combine(Work, "state"), torrent, pieces.Count);

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
            MoreOptions = ["--checkpoint", "1"],
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

namespace Freshet.Interop.Tests;

/// <summary>
/// A download that is killed again and again at random moments: whatever was verified when it was killed is there at the next start, and in
/// the end every byte is right. Both sides are Freshet, so that this runs without any other client.
/// </summary>
public class CrashTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const int Kills = 12;

    [Theory]
    [InlineData(SampleKind.SingleFile)]
    [InlineData(SampleKind.ManyFiles)]
    public async Task Nothing_verified_is_lost_by_kill_9_at_random_moments(SampleKind kind)
    {
        int seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        Random random = new(seed);
        SampleTorrent torrent = kind == SampleKind.SingleFile
            ? SampleTorrents.SingleFile(Work, (24 * MiB) + 54_321)
            : SampleTorrents.ManyFiles(Work, largest: 16 * MiB);
        FreshetClient source = Own(new FreshetClient(Work, new ClientOptions { UploadLimit = 4 * MiB }));
        await source.SeedAsync(torrent, torrent.DataFolder);

        double verified = 0;
        for (int i = 0; i < Kills && verified < 0.8; i++)
        {
            FreshetClient victim = await StartAsync(source, torrent);
            if (i % 3 != 0)
            {
                await victim.UntilAsync(() => Task.FromResult(victim.Last("progress") is not null), Patience, "goes on");
                Assert.True(victim.Done >= verified, $"{verified:P1} was verified, {victim.Done:P1} is there (seed {seed})");
            }

            // The moment is what the test is about: some die as they start, others as they check, others in the middle of it.
            await Task.Delay(random.Next(900), TestContext.Current.CancellationToken);
            await victim.KillAsync();
            verified = Math.Max(verified, victim.Done);
        }

        FreshetClient last = await StartAsync(source, torrent);
        Assert.Equal(0, await last.ExitAsync(Patience));
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
    }

    private async Task<FreshetClient> StartAsync(PeerClient source, SampleTorrent torrent)
    {
        FreshetClient freshet = Own(new FreshetClient(Work)
        {
            Peers = [source.EndPoint],
            SeedsAfterwards = false,
            StateFolder = Path.Combine(Work, "state"),
        });
        await freshet.LeechAsync(torrent, NewFolder("freshet"));
        return freshet;
    }
}

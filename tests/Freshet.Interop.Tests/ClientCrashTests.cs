using System.Diagnostics;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>The harness itself: what it does when a process dies by a signal that the harness did not send.</summary>
public class ClientCrashTests : InteropTest
{
    private readonly List<string> _reported = [];

    [Fact]
    public async Task A_case_is_tried_once_more_if_another_client_died()
    {
        Require(ClientKind.Libtorrent);
        List<string> works = [];
        await CaseAsync(async () =>
        {
            works.Add(Work);
            await SeedAndDieAsync(New(ClientKind.Libtorrent), dies: works.Count == 1);
        });
        Assert.Equal(2, works.Distinct().Count());
        Assert.Contains("died by signal 9", Assert.Single(_reported), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_death_fails_the_case()
    {
        Require(ClientKind.Libtorrent);
        await Assert.ThrowsAsync<ProcessCrashedException>(
            () => CaseAsync(() => SeedAndDieAsync(New(ClientKind.Libtorrent), dies: true)));
        Assert.Single(_reported);
    }

    [Fact]
    public async Task A_case_is_tried_once_more_if_we_waited_in_vain_for_another_client_that_died()
    {
        Require(ClientKind.Libtorrent, ClientKind.Freshet);
        int tries = 0;
        await CaseAsync(async () =>
        {
            SampleTorrent torrent = Sample(SampleKind.SingleFile);
            PeerClient seed = New(ClientKind.Libtorrent);
            await seed.SeedAsync(torrent, torrent.DataFolder);
            if (++tries == 1)
                await KillAsync(seed);
            FreshetClient leech = NewFreshet(seed.EndPoint);
            await leech.LeechAsync(torrent, NewFolder("leech"));
            await leech.WaitCompleteAsync(Patience);
        });
        Assert.Equal(2, tries);
        Assert.Single(_reported);
    }

    [Fact]
    public async Task A_failure_of_ours_is_not_tried_again_because_another_client_died_as_well()
    {
        Require(ClientKind.Libtorrent);
        int tries = 0;
        await Assert.ThrowsAsync<Xunit.Sdk.FailException>(() => CaseAsync(async () =>
        {
            tries++;
            PeerClient seed = New(ClientKind.Libtorrent);
            SampleTorrent torrent = Sample(SampleKind.SingleFile);
            await seed.SeedAsync(torrent, torrent.DataFolder);
            await KillAsync(seed);
            await Assert.ThrowsAsync<ProcessCrashedException>(() => seed.UntilAsync(() => Task.FromResult(false), Patience, "is dead"));
            Assert.Fail("Our files differ.");
        }));
        Assert.Equal(1, tries);
        Assert.Empty(_reported);
    }

    [Fact]
    public async Task Our_own_death_is_never_tried_again()
    {
        Require(ClientKind.Freshet);
        int tries = 0;
        await Assert.ThrowsAsync<InvalidOperationException>(() => CaseAsync(() =>
        {
            tries++;
            return SeedAndDieAsync(NewFreshet(), dies: true);
        }));
        Assert.Equal(1, tries);
        Assert.Empty(_reported);
    }

    protected override void OnClientCrashed(IReadOnlyList<string> crashes, Exception failure) => _reported.AddRange(crashes);

    private async Task SeedAndDieAsync(PeerClient client, bool dies)
    {
        SampleTorrent torrent = Sample(SampleKind.SingleFile);
        await client.SeedAsync(torrent, torrent.DataFolder);
        if (!dies)
            return;
        await KillAsync(client);
        await client.UntilAsync(() => Task.FromResult(false), Patience, "is dead");
    }

    private static async Task KillAsync(PeerClient client)
    {
        using Process kill = Process.Start("kill", ["-KILL", client.ProcessId.ToString(provider: null)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}

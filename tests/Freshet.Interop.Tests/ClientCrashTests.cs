using System.Diagnostics;

namespace Freshet.Interop.Tests;

/// <summary>The harness itself: what it does when a process dies by a signal that it did not send.</summary>
public class ClientCrashTests : InteropTest
{
    private readonly List<string> _reported = [];

    [Fact]
    public async Task A_case_is_tried_once_more_when_another_client_died()
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
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => CaseAsync(() => SeedAndDieAsync(New(ClientKind.Libtorrent), dies: true)));
        Assert.Single(_reported);
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
        using Process kill = Process.Start("kill", ["-KILL", client.ProcessId.ToString(provider: null)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        await client.UntilAsync(() => Task.FromResult(false), Patience, "is dead");
    }
}

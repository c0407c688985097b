using System.Text;
using Freshet.Api;

namespace Freshet.Daemon.Tests.Api;

/// <summary>How programs of the same user find and ask a daemon.</summary>
public class LocalDaemonTests
{
    [Fact]
    public async Task A_daemon_is_found_while_it_runs_and_not_by_what_a_killed_one_left()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        Assert.Null(LocalDaemon.Find(folder["state"]));
        folder.Write("state/daemon/address", "http://127.0.0.1:1/\n"u8);
        Assert.Null(LocalDaemon.Find(folder["state"]));
        folder.Write("state/daemon/lock", []);
        Assert.Null(LocalDaemon.Find(folder["state"]));
        await using (DaemonServer daemon = await DaemonServer.StartAsync(
            TestDaemon.OptionsIn(folder), TestContext.Current.CancellationToken))
        {
            LocalDaemon? found = LocalDaemon.Find(folder["state"]);
            Assert.Equal((daemon.Urls[0], daemon.Token, null), (found?.Address, found?.Token, found?.Certificate));
        }

        Assert.Null(LocalDaemon.Find(folder["state"]));
    }

    [Fact]
    public async Task A_daemon_that_cannot_start_leaves_the_one_that_runs_its_address()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        await using DaemonServer daemon = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<FreshetException>(() => DaemonServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Equal(daemon.Urls[0], LocalDaemon.Find(folder["state"])?.Address);
    }

    [Fact]
    public async Task What_a_newer_daemon_says_more_is_passed_over()
    {
        await using StubServer newer = new(_ => Task.FromResult(Encoding.UTF8.GetBytes(
            """{"total": 0, "offset": 0, "torrents": [], "madeBy": {"a": ["later", "version"]}}""")));
        using DaemonClient client = new(newer.Url, "token");
        Assert.Empty(await client.ListAsync(cancellationToken: TestContext.Current.CancellationToken));
    }
}

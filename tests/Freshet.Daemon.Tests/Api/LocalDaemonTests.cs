using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Api;

namespace Freshet.Daemon.Tests.Api;

/// <summary>How programs of the same user find a daemon and talk to it.</summary>
public class LocalDaemonTests
{
    [Fact]
    public async Task A_daemon_is_found_while_it_runs_and_the_leftovers_of_a_killed_one_are_not()
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
    public async Task A_daemon_that_cannot_start_does_not_replace_the_address_of_the_running_one()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        await using DaemonServer daemon = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<FreshetException>(() => DaemonServer.StartAsync(options, TestContext.Current.CancellationToken));
        Assert.Equal(daemon.Urls[0], LocalDaemon.Find(folder["state"])?.Address);
    }

    [Fact]
    public async Task If_two_are_started_at_once_the_token_of_the_one_that_runs_is_kept()
    {
        for (int round = 0; round < 5; round++)
        {
            using TemporaryFolder folder = new();
            Directory.CreateDirectory(folder["data"]);
            Task<DaemonServer>[] starting =
            [
                .. Enumerable.Range(0, 2).Select(_ => Task.Run(
                    () => DaemonServer.StartAsync(TestDaemon.OptionsIn(folder), TestContext.Current.CancellationToken))),
            ];
            await ((Task)Task.WhenAll(starting)).ConfigureAwait(
                ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
            await using DaemonServer daemon = await Assert.Single(starting, start => start.IsCompletedSuccessfully);
            Assert.Equal(daemon.Token, File.ReadAllText(folder["state/daemon/token"]).Trim());
        }
    }

    [Theory]
    [InlineData("0.0.0.0", "127.0.0.1")]
    [InlineData("::", "[::1]")]
    public async Task A_daemon_on_all_addresses_names_one_that_can_be_opened(string listen, string host)
    {
        Requires.That(listen != "::" || Socket.OSSupportsIPv6, "This machine does not support IPv6.");
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { Listen = [new IPEndPoint(IPAddress.Parse(listen), 0)] });
        Assert.Equal(host, daemon.Server.Urls[0].Host);
        Assert.NotEqual(0, daemon.Server.Urls[0].Port);
        Assert.Equal(daemon.Server.Urls[0], LocalDaemon.Find(daemon["state"])?.Address);
    }

    [Fact]
    public async Task A_daemon_that_does_not_answer_in_time_still_counts_as_running()
    {
        TaskCompletionSource<byte[]> never = new();
        await using StubServer busy = new(_ => never.Task);
        using DaemonClient client = new(busy.Url, "token") { Timeout = TimeSpan.FromMilliseconds(100) };
        foreach (Func<Task> ask in (Func<Task>[])
            [
                () => client.ListAsync(cancellationToken: TestContext.Current.CancellationToken),
                () => client.IsHealthyAsync(TestContext.Current.CancellationToken),
                () => client.AddAsync(new AddTorrent { Source = "x" }, TestContext.Current.CancellationToken),
            ])
        {
            DaemonException e = await Assert.ThrowsAsync<DaemonException>(ask);
            Assert.Equal("no-answer", e.Problem.Code);
        }
    }

    [Fact]
    public async Task Additional_fields_of_a_newer_daemon_are_ignored()
    {
        await using StubServer newer = new(_ => Task.FromResult(Encoding.UTF8.GetBytes(
            """{"total": 0, "offset": 0, "torrents": [], "madeBy": {"a": ["later", "version"]}}""")));
        using DaemonClient client = new(newer.Url, "token");
        Assert.Empty(await client.ListAsync(cancellationToken: TestContext.Current.CancellationToken));
    }
}

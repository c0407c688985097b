using Freshet.Api;
using Freshet.Daemon.Endpoints;
using Freshet.Daemon.Http;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Http;

public class ActionsTests
{
    [Fact]
    public async Task A_bug_in_the_action_on_one_torrent_is_reported_and_the_others_are_done()
    {
        const int Count = 40;
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string[] hashes = await Task.WhenAll(Enumerable.Range(0, Count).Select(
            i => daemon.AddAsync(new SampleTorrent($"torrent {i}", seed: i))));
        Actions actions = new(daemon.Server.Parts!);
        int acted = 0;
        BulkResult result = await actions.RunAllAsync(hashes, CommandKind.Change, torrent => Interlocked.Increment(ref acted) % 10 == 1
            ? throw new InvalidTimeZoneException("a bug")
            : Task.CompletedTask).Bounded();
        Assert.Equal((36, 0), (result.Done, result.Pending));
        Assert.Equal(["internal", "internal", "internal", "internal"], result.Failures.Select(failure => failure.Code));
        Assert.Contains(
            (await daemon.GetAsync("/api/v1/log"))["entries"]!.AsArray(),
            entry => ((string)entry!["message"]!).Contains("a bug", StringComparison.Ordinal));

        // None of their commands blocks the next.
        BulkResult next = await actions.RunAllAsync(hashes, CommandKind.Change, _ => Task.CompletedTask).Bounded();
        Assert.Equal(Count, next.Done);
    }

    [Theory]
    [InlineData("Stop")]
    [InlineData("Change")]
    [InlineData("Recheck")]
    public async Task A_command_that_was_carried_out_before_its_torrent_was_removed_is_done(string kind)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Actions actions = new(daemon.Server.Parts!);
        string hash = await daemon.AddAsync(new SampleTorrent());
        BulkResult result = await actions.RunAllAsync([hash], Enum.Parse<CommandKind>(kind), async torrent =>
        {
            await ActOf(kind)(torrent);
            await daemon.Server.Session.RemoveAsync(torrent);
        }).Bounded();
        Assert.Empty(result.Failures);
        Assert.Equal(1, result.Done);
    }

    [Theory]
    [InlineData("Change")]
    [InlineData("Reannounce")]
    [InlineData("Recheck")]
    public async Task A_command_for_a_torrent_that_is_removed_in_the_meantime_is_not_done(string kind)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Actions actions = new(daemon.Server.Parts!);
        await daemon.AddAsync(new SampleTorrent());
        Torrent torrent = daemon.Server.Session.Torrents[0];
        Task acting = actions.RunAsync(torrent, Enum.Parse<CommandKind>(kind), async each =>
        {
            await daemon.Server.Session.RemoveAsync(each);
            await ActOf(kind)(each);
        });
        ApiException refused = await Assert.ThrowsAsync<ApiException>(() => acting.Bounded());
        Assert.Equal((404, "no-such-torrent"), (refused.Status, refused.Code));
    }

    [Fact]
    public async Task Slow_requests_do_not_prevent_torrents_from_being_stopped()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        Actions actions = new(daemon.Server.Parts!);
        TaskCompletionSource end = new();
        Task<BulkResult>[] busy = [.. Enumerable.Range(0, Bounds.MaxBulkRequests).Select(
            _ => actions.RunAllAsync([hash], CommandKind.Change, _ => end.Task))];
        await Assert.ThrowsAsync<ApiException>(() => actions.RunAllAsync([hash], CommandKind.Start, _ => Task.CompletedTask));
        await actions.RunAllAsync([hash], CommandKind.Stop, _ => Task.CompletedTask).Bounded();
        end.SetResult();
        await Task.WhenAll(busy).Bounded();
    }

    [Fact]
    public async Task A_turn_in_the_queue_that_is_returned_twice_is_one_turn()
    {
        QueueTurns turns = new(TimeSpan.FromMilliseconds(1));
        IDisposable turn = await turns.EnterAsync(TestContext.Current.CancellationToken);
        turn.Dispose();
        turn.Dispose();
        using IDisposable next = await turns.EnterAsync(TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<ApiException>(() => turns.EnterAsync(TestContext.Current.CancellationToken));
    }

    private static Func<Torrent, Task> ActOf(string kind) => kind switch
    {
        "Stop" => torrent => torrent.StopAsync(),
        "Change" => torrent => torrent.ApplyAsync(options => options with { MaxPeers = 7 }),
        "Reannounce" => torrent => torrent.ReannounceAsync(),
        _ => torrent => torrent.RecheckAsync(),
    };
}

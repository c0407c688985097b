using Freshet.Daemon.Http;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Running;

public class CommandOrderTests
{
    [Fact]
    public async Task A_command_begins_only_after_earlier_ones_for_its_torrent_have_begun()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Torrent[] torrents = await TorrentsAsync(daemon, 2);
        CommandOrder order = new();
        List<string> done = [];
        CommandOrder.Command first = order.Enter(torrents, CommandKind.Change)[0];
        CommandOrder.Command second = order.Enter([torrents[0]], CommandKind.Change)[0];
        Task waiting = second.RunAsync(Note("second"));
        await order.Enter([torrents[1]], CommandKind.Remove)[0].RunAsync(Note("other torrent"));
        Assert.False(waiting.IsCompleted);

        // The engine keeps the order of what it was given, so the first need not have ended.
        TaskCompletionSource ending = new();
        Task running = first.RunAsync(_ =>
        {
            done.Add("first");
            return ending.Task;
        });
        await waiting.Bounded();
        Assert.Equal(["other torrent", "first", "second"], done);
        Assert.False(running.IsCompleted);
        ending.SetResult();
        await running.Bounded();

        Func<Torrent, Task> Note(string what) => _ =>
        {
            done.Add(what);
            return Task.CompletedTask;
        };
    }

    [Theory]
    [InlineData("Start", "Stop", true)]
    [InlineData("Stop", "Start", true)]
    [InlineData("Start", "Start", false)]
    [InlineData("Move", "Move", true)]
    [InlineData("Change", "Remove", true)]
    [InlineData("Change", "Stop", false)]
    [InlineData("Remove", "Start", false)]
    [InlineData("Remove", "Remove", false)]
    [InlineData("Remove", "RemoveWithFiles", true)]
    [InlineData("RemoveWithFiles", "Remove", false)]
    [InlineData("RemoveWithFiles", "RemoveWithFiles", false)]
    [InlineData("Move", "RemoveWithFiles", true)]
    public async Task A_command_that_a_newer_one_makes_pointless_is_not_done(string earlier, string later, bool isSuperseded)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Torrent[] torrents = await TorrentsAsync(daemon, 1);
        CommandOrder order = new();
        List<string> done = [];
        CommandOrder.Command old = order.Enter(torrents, Enum.Parse<CommandKind>(earlier))[0];
        CommandOrder.Command newer = order.Enter(torrents, Enum.Parse<CommandKind>(later))[0];
        Task last = newer.RunAsync(Note("later"));
        if (isSuperseded)
        {
            await last.Bounded();
            ApiException refused = await Assert.ThrowsAsync<ApiException>(() => old.RunAsync(Note("earlier")));
            Assert.Equal((409, "superseded"), (refused.Status, refused.Code));
            Assert.Equal(["later"], done);
        }
        else
        {
            await old.RunAsync(Note("earlier")).Bounded();
            await last.Bounded();
            Assert.Equal(["earlier", "later"], done);
        }

        Func<Torrent, Task> Note(string what) => _ =>
        {
            done.Add(what);
            return Task.CompletedTask;
        };
    }

    [Fact]
    public async Task A_command_that_fails_makes_way_for_the_next()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Torrent[] torrents = await TorrentsAsync(daemon, 1);
        CommandOrder order = new();
        CommandOrder.Command first = order.Enter(torrents, CommandKind.Change)[0];
        CommandOrder.Command second = order.Enter(torrents, CommandKind.Change)[0];
        await Assert.ThrowsAsync<ArgumentException>(() => first.RunAsync(_ => throw new ArgumentException("wrong")));
        await second.RunAsync(_ => Task.CompletedTask).Bounded();
    }

    private static async Task<Torrent[]> TorrentsAsync(TestDaemon daemon, int count)
    {
        for (int i = 0; i < count; i++)
            await daemon.AddAsync(new SampleTorrent($"torrent {i}", seed: i));
        return [.. daemon.Server.Session.Torrents];
    }
}

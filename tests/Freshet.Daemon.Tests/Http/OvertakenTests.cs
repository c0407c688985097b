using System.Net;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Tests.Http;

/// <summary>Commands that a newer one has made pointless say so.</summary>
public class OvertakenTests
{
    [Fact]
    public async Task What_has_not_begun_when_its_torrent_is_removed_is_not_done()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string path = "/api/v1/torrents/" + await daemon.AddAsync(sample);
        Torrent torrent = daemon.Server.Session.Torrents[0];
        CommandOrder order = daemon.Server.Parts!.Order;

        // Nothing begins before it, and nothing overtakes it.
        CommandOrder.Command first = order.Enter([torrent], CommandKind.RemoveWithFiles)[0];
        List<Task<HttpResponseMessage>> waiting = [];
        foreach ((HttpMethod method, string what, string? body) in ((HttpMethod, string, string?)[])
            [
                (HttpMethod.Patch, "", """{"labels": ["late"]}"""),
                (HttpMethod.Post, "/start", null),
                (HttpMethod.Post, "/recheck", null),
                (HttpMethod.Post, "/reannounce", null),
                (HttpMethod.Post, "/move", """{"folder": "films"}"""),
                (HttpMethod.Patch, "/files", """{"priority": "high"}"""),
                (HttpMethod.Post, "/files/0/rename", """{"path": "sample/x.bin"}"""),
                (HttpMethod.Post, "/rename-folder", """{"folder": "sample", "path": "x"}"""),
            ])
            await EnterAsync(method, what, body, waiting.Count + 2);
        Task<HttpResponseMessage> starting = waiting[1];

        // A start is overtaken by the stop; both, and all else, by the removal.
        await EnterAsync(HttpMethod.Post, "/stop", null, 9);
        await RefusedAsync(await starting.Bounded());
        await EnterAsync(HttpMethod.Delete, "", null, 2);
        Task<HttpResponseMessage> last = daemon.SendAsync(HttpMethod.Delete, path + "?deleteFiles=true");
        foreach (Task<HttpResponseMessage> each in waiting.Where(each => each != starting))
            await RefusedAsync(await each.Bounded());
        await first.RunAsync(_ => Task.CompletedTask).Bounded();
        using HttpResponseMessage removed = await last.Bounded();
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(daemon.Server.Session.Torrents);

        async Task EnterAsync(HttpMethod method, string what, string? body, int count)
        {
            waiting.Add(daemon.SendAsync(method, path + what, body));
            await Patience.Until(() => order.CountOf(torrent) == count);
        }
    }

    [Fact]
    public async Task A_move_that_is_cancelled_says_so()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string path = "/api/v1/torrents/" + await daemon.AddAsync(sample);
        Torrent torrent = daemon.Server.Session.Torrents[0];
        using HeldMove held = new();
        Task earlier = torrent.MoveAsync(daemon["data/elsewhere"], held, TestContext.Current.CancellationToken);
        await held.Reached.Bounded();
        Task<HttpResponseMessage> moving = daemon.SendAsync(HttpMethod.Post, path + "/move", """{"folder": "films"}""");
        await Patience.Until(() => daemon.Server.Moves.Of(torrent) is not null);
        using HttpResponseMessage cancelled = await daemon.SendAsync(HttpMethod.Post, path + "/move/cancel");
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        held.Open();
        await earlier.Bounded();
        using HttpResponseMessage answer = await moving.Bounded();
        await TestDaemon.ProblemOfAsync(answer, HttpStatusCode.Conflict, "cancelled");
        Assert.Equal(daemon["data/elsewhere"], torrent.Folder);
    }

    private static async Task RefusedAsync(HttpResponseMessage answer)
    {
        using (answer)
            await TestDaemon.ProblemOfAsync(answer, HttpStatusCode.Conflict, "superseded");
    }
}

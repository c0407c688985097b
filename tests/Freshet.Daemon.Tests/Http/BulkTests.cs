using System.Net;
using System.Text.Json.Nodes;
using Freshet.Core.Torrents;

namespace Freshet.Daemon.Tests.Http;

public class BulkTests
{
    [Fact]
    public async Task An_action_on_many_torrents_is_answered_in_time_and_continues()
    {
        const int Count = 160;
        TaskCompletionSource<byte[]> never = new();
        await using StubServer tracker = new(path => path.Contains("event=stopped", StringComparison.Ordinal)
            ? never.Task
            : Task.FromResult("d8:intervali1800e5:peers0:e"u8.ToArray()));
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with
        {
            ActionPatience = TimeSpan.FromMilliseconds(500),
            Session = options.Session with { Queue = new QueueOptions() },
        });
        JsonArray hashes = [.. Enumerable.Range(0, Count).Select(i => (JsonNode)$"{i:x40}")];
        foreach (JsonNode? hash in hashes)
        {
            string link = $"magnet:?xt=urn:btih:{hash}&tr={Uri.EscapeDataString(tracker.Url + "announce")}";
            using HttpResponseMessage added = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "{{link}}"}""");
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        }

        // From now on each takes seconds to stop, since its tracker does not answer.
        await Patience.Until(() => tracker.Requests.Count >= Count);
        JsonObject request = new() { ["action"] = "stop", ["hashes"] = hashes };
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", request.ToJsonString());
        Assert.Contains(daemon.Server.Session.Torrents, torrent => torrent.Status.State != TorrentState.Stopped);
        JsonNode result = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Empty(result["failures"]!.AsArray());
        Assert.InRange((int)result["pending"]!, 1, Count);
        Assert.Equal(Count, (int)result["pending"]! + (int)result["done"]!);
        await Patience.Until(() => daemon.Server.Session.Torrents.All(torrent => torrent.Status.State == TorrentState.Stopped));
    }

    [Fact]
    public async Task A_newer_command_applies_to_all_torrents_and_the_older_one_reports_what_it_did_not_do()
    {
        const int Count = 160;
        TaskCompletionSource<byte[]> never = new();
        int stops = 0;
        await using StubServer tracker = new(path =>
        {
            if (!path.Contains("event=stopped", StringComparison.Ordinal))
                return Task.FromResult("d8:intervali1800e5:peers0:e"u8.ToArray());
            Interlocked.Increment(ref stops);
            return never.Task;
        });
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with
        {
            Session = options.Session with { Queue = new QueueOptions() },
        });
        JsonArray hashes = [.. Enumerable.Range(0, Count).Select(i => (JsonNode)$"{i:x40}")];
        foreach (JsonNode? hash in hashes)
        {
            string link = $"magnet:?xt=urn:btih:{hash}&tr={Uri.EscapeDataString(tracker.Url + "announce")}";
            using HttpResponseMessage added = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "{{link}}"}""");
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        }

        // From now on each takes seconds to stop, and only a few are stopped at a time.
        await Patience.Until(() => tracker.Requests.Count >= Count);
        Task<JsonNode> stopping = BulkAsync(daemon, "stop", hashes);
        await Patience.Until(() => Volatile.Read(ref stops) > 0);
        JsonNode started = await BulkAsync(daemon, "start", hashes);
        JsonNode stopped = await stopping;
        Assert.Empty(started["failures"]!.AsArray());
        Assert.NotEmpty(stopped["failures"]!.AsArray());
        Assert.All(stopped["failures"]!.AsArray(), failure => Assert.Equal("superseded", (string?)failure!["code"]));
        await Patience.Until(() => daemon.Server.Session.Torrents.All(torrent => torrent.Status.State != TorrentState.Stopped));
    }

    [Fact]
    public async Task Torrents_that_are_removed_and_then_started_are_gone()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonArray hashes = [.. await Task.WhenAll(Enumerable.Range(0, 40).Select(
            async i => (JsonNode)await daemon.AddAsync(new SampleTorrent($"torrent {i}", seed: i))))];
        Task<JsonNode> removing = BulkAsync(daemon, "remove", hashes);
        await Patience.Until(() => daemon.Server.Session.Torrents.Count < hashes.Count);
        JsonNode started = await BulkAsync(daemon, "start", hashes);
        JsonNode removed = await removing;
        Assert.Empty(removed["failures"]!.AsArray());
        Assert.Equal(hashes.Count, started["failures"]!.AsArray().Count);
        Assert.All(started["failures"]!.AsArray(), failure => Assert.Equal("no-such-torrent", (string?)failure!["code"]));
        Assert.Empty(daemon.Server.Session.Torrents);
    }

    private static async Task<JsonNode> BulkAsync(TestDaemon daemon, string action, JsonArray hashes)
    {
        JsonObject request = new() { ["action"] = action, ["hashes"] = hashes.DeepClone() };
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", request.ToJsonString());
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }
}

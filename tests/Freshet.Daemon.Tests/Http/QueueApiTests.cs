using System.Net;
using System.Text.Json.Nodes;

namespace Freshet.Daemon.Tests.Http;

public class QueueApiTests
{
    [Fact]
    public async Task One_or_many_torrents_are_moved_in_the_queue_and_keep_their_order_among_themselves()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Dictionary<string, string> hashes = [];
        foreach (string name in (string[])["a", "b", "c", "d", "e"])
            hashes[name] = await daemon.AddAsync(new SampleTorrent(name, seed: name[0]));
        Assert.Equal("abcde", await OrderAsync(daemon));
        await MoveAsync(daemon, hashes["d"], "top");
        Assert.Equal("dabce", await OrderAsync(daemon));
        await MoveAsync(daemon, hashes["d"], "down");
        Assert.Equal("adbce", await OrderAsync(daemon));
        await BulkAsync(daemon, "queue-top", hashes["c"], hashes["e"], hashes["b"]);
        Assert.Equal("bcead", await OrderAsync(daemon));
        await BulkAsync(daemon, "queue-bottom", hashes["e"], hashes["b"]);
        Assert.Equal("cadbe", await OrderAsync(daemon));
        await BulkAsync(daemon, "queue-up", hashes["d"]);
        Assert.Equal("cdabe", await OrderAsync(daemon));

        // Those already at the end have nobody to change places with, least of all each other.
        await BulkAsync(daemon, "queue-up", hashes["d"], hashes["c"], hashes["b"]);
        Assert.Equal("cdbae", await OrderAsync(daemon));
        await BulkAsync(daemon, "queue-down", hashes["a"], hashes["e"]);
        Assert.Equal("cdbae", await OrderAsync(daemon));
        await BulkAsync(daemon, "queue-up", [.. hashes.Values]);
        Assert.Equal("cdbae", await OrderAsync(daemon));
        await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hashes["a"]}/queue", """{"move": "sideways"}""",
            HttpStatusCode.BadRequest, "invalid-json");
    }

    [Fact]
    public async Task Torrents_beyond_the_limit_wait_and_a_forced_one_does_not()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage changed = await daemon.SendAsync(
            HttpMethod.Patch, "/api/v1/session/settings", """{"maxActiveDownloads": 1, "ignoreSlow": false}""");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Dictionary<string, string> hashes = [];
        foreach (string name in (string[])["a", "b", "c"])
        {
            hashes[name] = await daemon.AddAsync(new SampleTorrent(name, seed: name[0], tracker: ""));
            using HttpResponseMessage started = await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hashes[name]}/start");
        }

        await UntilAsync(daemon, hashes["c"], torrent => (string?)torrent["state"] == "queued" && (int?)torrent["queuedBehind"] == 1);
        JsonNode waiting = (await daemon.GetAsync("/api/v1/torrents?state=queued&sort=queuedBehind"))["torrents"]!;
        Assert.Equal(["b", "c"], waiting.AsArray().Select(torrent => (string?)torrent!["name"]));
        using HttpResponseMessage forced = await daemon.SendAsync(
            HttpMethod.Patch, $"/api/v1/torrents/{hashes["c"]}", """{"forceStart": true}""");
        Assert.True((bool?)JsonNode.Parse(await forced.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["forced"]);
        await UntilAsync(daemon, hashes["c"], torrent =>
            (string?)torrent["state"] == "downloading" && torrent["queuedBehind"] is null);
        Assert.Equal("queued", (string?)(await daemon.GetAsync($"/api/v1/torrents/{hashes["b"]}"))["torrent"]!["state"]);
    }

    private static async Task<string> OrderAsync(TestDaemon daemon)
    {
        JsonArray listed = (await daemon.GetAsync("/api/v1/torrents"))["torrents"]!.AsArray();
        double[] orders = [.. listed.Select(torrent => (double)torrent!["order"]!)];
        Assert.Equal(orders.Order(), orders);
        Assert.Distinct(orders);
        return string.Concat(listed.Select(torrent => (string?)torrent!["name"]));
    }

    private static async Task MoveAsync(TestDaemon daemon, string hash, string move)
    {
        using HttpResponseMessage answer = await daemon.SendAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/queue", $$"""{"move": "{{move}}"}""");
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
    }

    private static async Task BulkAsync(TestDaemon daemon, string action, params string[] hashes)
    {
        JsonObject body = new()
        {
            ["action"] = action,
            ["hashes"] = new JsonArray([.. hashes.Select(hash => (JsonNode)hash)]),
        };
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", body.ToJsonString());
        JsonNode result = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(hashes.Length, (int?)result["done"]);
    }

    private static Task UntilAsync(TestDaemon daemon, string hash, Func<JsonNode, bool> isSo) =>
        Patience.Until(() => isSo(daemon.GetAsync($"/api/v1/torrents/{hash}").GetAwaiter().GetResult()["torrent"]!));
}

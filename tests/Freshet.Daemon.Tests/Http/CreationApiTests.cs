using System.Net;
using System.Runtime.Versioning;
using System.Text.Json.Nodes;
using Freshet.Core.Metainfo;

namespace Freshet.Daemon.Tests.Http;

public class CreationApiTests
{
    [Fact]
    public async Task A_torrent_is_created_from_a_folder_with_progress_and_seeded()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string id = await BeginAsync(daemon,
            """{"path": "sample", "trackers": [["http://127.0.0.1:1/announce"]], "pieceLength": 16384, "private": true, "seed": true}""");
        JsonNode job = await EndAsync(daemon, id);
        Assert.Equal("done", (string?)job["state"]);
        Assert.Equal(50_000, (long?)job["done"]);
        Assert.Equal(50_000, (long?)job["total"]);
        using HttpResponseMessage file = await daemon.SendAsync(HttpMethod.Get, $"/api/v1/creations/{id}/torrent");
        byte[] bytes = await file.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(MetainfoReader.TryRead(bytes, out TorrentMetainfo? metainfo, out _));
        Assert.True(metainfo.IsPrivate);
        Assert.Equal((string?)job["hash"], metainfo.SwarmHash.ToString());
        Torrent torrent = daemon.Server.Session.Find(metainfo.SwarmHash)!;
        await torrent.Completion.Bounded();
        Assert.Equal(daemon.Data, torrent.Folder);
        using HttpResponseMessage forgotten = await daemon.SendAsync(HttpMethod.Delete, $"/api/v1/creations/{id}");
        Assert.Equal(HttpStatusCode.NoContent, forgotten.StatusCode);
        await daemon.RefusedAsync(HttpMethod.Get, $"/api/v1/creations/{id}", null, HttpStatusCode.NotFound, "no-such-job");
    }

    [Fact]
    public async Task A_failed_creation_has_its_reason_in_the_job()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        Directory.CreateDirectory(daemon["data/empty"]);
        JsonNode missing = await EndAsync(daemon, await BeginAsync(daemon, """{"path": "nothing"}"""));
        Assert.Equal("failed", (string?)missing["state"]);
        Assert.Contains("There is no file or folder", (string?)missing["error"], StringComparison.Ordinal);
        string empty = await BeginAsync(daemon, """{"path": "empty"}""");
        Assert.Contains("There is no file in", (string?)(await EndAsync(daemon, empty))["error"], StringComparison.Ordinal);
        await daemon.RefusedAsync(HttpMethod.Get, $"/api/v1/creations/{empty}/torrent", null, HttpStatusCode.NotFound, "no-such-job");
        Assert.Equal(2, (await daemon.GetAsync("/api/v1/creations"))["creations"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{"path": "x", "pieceLength": 16385}""", "pieceLength")]
    [InlineData("""{"path": "x", "pieceLength": 536870912}""", "pieceLength")]
    [InlineData("""{"path": "x", "trackers": [["javascript:alert(1)"]]}""", "trackers")]
    [InlineData("""{"path": "x", "webSeeds": ["udp://127.0.0.1:1"]}""", "webSeeds")]
    public async Task Wrong_values_are_refused(string body, string member)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        JsonNode problem = await daemon.RefusedAsync(
            HttpMethod.Post, "/api/v1/creations", body, HttpStatusCode.BadRequest, "invalid-value");
        Assert.NotNull(problem["errors"]![member]);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Files_outside_the_allowed_folders_are_reached_neither_by_path_nor_by_link()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        File.WriteAllText(daemon["secret.txt"], "secret");
        await daemon.RefusedAsync(
            HttpMethod.Post, "/api/v1/creations", """{"path": "../secret.txt"}""", HttpStatusCode.Forbidden, "path-not-allowed");
        Directory.CreateDirectory(daemon["data/folder"]);
        File.WriteAllText(daemon["data/folder/own.txt"], "own");
        File.CreateSymbolicLink(daemon["data/folder/link.txt"], daemon["secret.txt"]);
        JsonNode job = await EndAsync(daemon, await BeginAsync(daemon, """{"path": "folder"}"""));
        Assert.Equal("failed", (string?)job["state"]);
        Assert.Contains("may not be read", (string?)job["error"], StringComparison.Ordinal);
        File.Delete(daemon["data/folder/link.txt"]);
        File.CreateSymbolicLink(daemon["data/folder/link.txt"], daemon["data/folder/own.txt"]);
        Assert.Equal("done", (string?)(await EndAsync(daemon, await BeginAsync(daemon, """{"path": "folder"}""")))["state"]);
    }

    [Fact]
    public async Task The_torrent_of_an_allowed_folder_itself_is_not_seeded_since_its_files_could_be_renamed_out_of_it()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        File.WriteAllText(daemon["data/own.txt"], "own");
        await daemon.RefusedAsync(
            HttpMethod.Post, "/api/v1/creations", """{"path": ".", "seed": true}""", HttpStatusCode.Forbidden, "path-not-allowed");
        Assert.Empty((await daemon.GetAsync("/api/v1/creations"))["creations"]!.AsArray());
        JsonNode made = await EndAsync(daemon, await BeginAsync(daemon, """{"path": "."}"""));
        Assert.Equal("done", (string?)made["state"]);
        Assert.Empty(daemon.Server.Session.Torrents);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_creation_is_cancelled_and_its_turn_goes_to_another()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        File.WriteAllText(daemon["data/small.txt"], "small");
        foreach (string name in (string[])["one.bin", "two.bin"])
        {
            // It takes no disk space, and is long enough to be cancelled halfway.
            using FileStream file = File.Create(daemon["data/" + name]);
            file.SetLength(64L << 30);
        }

        string first = await BeginAsync(daemon, """{"path": "one.bin"}""");
        string second = await BeginAsync(daemon, """{"path": "two.bin"}""");
        string waiting = await BeginAsync(daemon, """{"path": "small.txt"}""");
        await Patience.Until(() => (long?)JobAsync(daemon, first).GetAwaiter().GetResult()["done"] > 0);
        Assert.Equal("running", (string?)(await JobAsync(daemon, waiting))["state"]);
        foreach (string id in (string[])[first, second])
        {
            using HttpResponseMessage cancelled = await daemon.SendAsync(HttpMethod.Delete, $"/api/v1/creations/{id}");
            Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        }

        Assert.Equal("done", (string?)(await EndAsync(daemon, waiting))["state"]);
    }

    private static async Task<string> BeginAsync(TestDaemon daemon, string body)
    {
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/creations", body);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        return (string)JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["id"]!;
    }

    private static Task<JsonNode> JobAsync(TestDaemon daemon, string id) => daemon.GetAsync($"/api/v1/creations/{id}");

    private static async Task<JsonNode> EndAsync(TestDaemon daemon, string id)
    {
        await Patience.Until(() => (string?)JobAsync(daemon, id).GetAwaiter().GetResult()["state"] != "running");
        return await JobAsync(daemon, id);
    }
}

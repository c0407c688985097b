using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Freshet.Core.Metainfo;
using Freshet.Core.Rates;
using Freshet.Daemon.Http;

namespace Freshet.Daemon.Tests.Http;

public class TorrentApiTests
{
    [Fact]
    public async Task Files_are_moved_to_an_allowed_folder_and_nowhere_else()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample, """, "firstAndLastFirst": true""");
        Torrent torrent = daemon.Server.Session.Torrents[0];
        Assert.True(torrent.Options.FirstAndLastFirst);
        await torrent.StartAsync(TestContext.Current.CancellationToken);
        await torrent.Completion.Bounded();
        using HttpResponseMessage moved = await daemon.SendAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move", """{"folder": "films"}""");
        Assert.Equal(HttpStatusCode.NoContent, moved.StatusCode);
        Assert.Equal(daemon["data/films"], torrent.Folder);
        Assert.Equal(daemon["data/films"], await FolderInListAsync());
        Assert.Equal(sample.First, File.ReadAllBytes(Path.Combine(daemon["data/films"], sample.FirstPath)));
        await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/move", """{"folder": "../elsewhere"}""",
            HttpStatusCode.Forbidden, "path-not-allowed");
        using HttpResponseMessage back = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk",
            $$"""{"action": "move", "hashes": ["{{hash}}"], "folder": "."}""");
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal(daemon.Data, torrent.Folder);
        Assert.False(Directory.Exists(daemon["data/films/sample"]));
        await torrent.StopAsync(TestContext.Current.CancellationToken);
        using HttpResponseMessage stopped = await daemon.SendAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move", """{"folder": "films"}""");
        Assert.Equal(HttpStatusCode.NoContent, stopped.StatusCode);
        Assert.Equal(daemon["data/films"], await FolderInListAsync());

        async Task<string?> FolderInListAsync() => (string?)(await daemon.GetAsync("/api/v1/torrents"))["torrents"]![0]!["folder"];
    }

    [Fact]
    public async Task A_move_reports_its_progress_and_can_be_cancelled()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        Torrent torrent = daemon.Server.Session.Torrents[0];
        await daemon.RefusedAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move/cancel", null, HttpStatusCode.NotFound, "no-such-job");
        TaskCompletionSource<IProgress<MoveProgress>> began = new();
        Task moving = daemon.Server.Moves.RunAsync(torrent, "/elsewhere", (progress, token) =>
        {
            began.SetResult(progress);
            return new TaskCompletionSource().Task.WaitAsync(token);
        });
        (await began.Task).Report(new MoveProgress(new ByteSize(20_000), new ByteSize(50_000)));
        await Patience.Until(() => MoveInList()?["done"] is not null);
        Assert.Equal("""{"folder":"/elsewhere","done":20000,"total":50000}""", MoveInList()!.ToJsonString());
        await daemon.RefusedAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move", """{"folder": "films"}""", HttpStatusCode.Conflict, "moving");
        using HttpResponseMessage cancelled = await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/move/cancel");
        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        Assert.Equal("cancelled", (await Assert.ThrowsAsync<ApiException>(() => moving.Bounded())).Code);
        await Patience.Until(() => MoveInList() is null);

        JsonNode? MoveInList() =>
            daemon.GetAsync("/api/v1/torrents").GetAwaiter().GetResult()["torrents"]![0]!["move"];
    }

    [Fact]
    public async Task A_torrent_is_added_shown_changed_and_removed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        string hash = await daemon.AddAsync(sample, """, "labels": ["b", "a", "a"], "category": "tests", "maxUploadRate": 4096""");
        JsonNode details = await daemon.GetAsync($"/api/v1/torrents/{hash}");
        Assert.Equal("sample", (string?)details["torrent"]!["name"]);
        Assert.Equal("stopped", (string?)details["torrent"]!["state"]);
        Assert.Equal(50_000, (long?)details["torrent"]!["size"]);
        Assert.Equal("""["a","b"]""", details["torrent"]!["labels"]!.ToJsonString());
        Assert.Equal("tests", (string?)details["torrent"]!["category"]);
        Assert.Equal("""["127.0.0.1"]""", details["torrent"]!["trackers"]!.ToJsonString());
        Assert.Equal(4096, (long?)details["settings"]!["maxUploadRate"]);
        Assert.Equal(2, (int?)details["metadata"]!["fileCount"]);
        Assert.Contains(hash, (string?)details["magnet"], StringComparison.Ordinal);

        using HttpResponseMessage changed = await daemon.SendAsync(
            HttpMethod.Patch, $"/api/v1/torrents/{hash}",
                """{"addLabels": ["c"], "removeLabels": ["a"], "category": "", "sequential": true}""");
        JsonNode item = JsonNode.Parse(await changed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("""["b","c"]""", item["labels"]!.ToJsonString());
        Assert.Null(item["category"]);
        Assert.True((bool?)item["sequential"]);
        Assert.Equal(4096, (long?)(await daemon.GetAsync($"/api/v1/torrents/{hash}"))["settings"]!["maxUploadRate"]);

        using HttpResponseMessage removed = await daemon.SendAsync(HttpMethod.Delete, $"/api/v1/torrents/{hash}");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        await daemon.RefusedAsync(HttpMethod.Get, $"/api/v1/torrents/{hash}", null, HttpStatusCode.NotFound, "no-such-torrent");
        Assert.Equal(0, (int?)(await daemon.GetAsync("/api/v1/torrents"))["total"]);
    }

    [Fact]
    public async Task A_torrent_with_its_data_is_checked_seeded_read_by_range_and_removed_with_its_data()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        using HttpResponseMessage started = await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start");
        Assert.Equal(HttpStatusCode.NoContent, started.StatusCode);
        await daemon.Server.Session.Torrents[0].Completion.Bounded();

        JsonNode files = await daemon.GetAsync($"/api/v1/torrents/{hash}/files");
        Assert.Equal([40_000L, 10_000L], files["files"]!.AsArray().Select(file => (long)file!["verified"]!));
        JsonNode pieces = await daemon.GetAsync($"/api/v1/torrents/{hash}/pieces");
        Assert.Equal(4, (int?)pieces["count"]);
        Assert.Equal([0xF0], Convert.FromBase64String((string)pieces["have"]!));

        using HttpResponseMessage part = await daemon.SendAsync(
            HttpMethod.Get, $"/api/v1/torrents/{hash}/files/0/content",
                change: request => request.Headers.Range = new RangeHeaderValue(16_000, 17_999));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("bytes 16000-17999/40000", part.Content.Headers.ContentRange?.ToString());
        Assert.Equal(sample.First[16_000..18_000], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        using HttpResponseMessage tail = await daemon.SendAsync(
            HttpMethod.Get, $"/api/v1/torrents/{hash}/files/1/content",
                change: request => request.Headers.Range = new RangeHeaderValue(null, 100));
        Assert.Equal(sample.Second[^100..], await tail.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        await daemon.RefusedAsync(HttpMethod.Get, $"/api/v1/torrents/{hash}/files/0/content", null,
            HttpStatusCode.RequestedRangeNotSatisfiable, "range-not-satisfiable",
            request => request.Headers.Range = new RangeHeaderValue(40_000, null));

        using HttpResponseMessage removed = await daemon.SendAsync(HttpMethod.Delete, $"/api/v1/torrents/{hash}?deleteFiles=true");
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(daemon.Data));
    }

    [Fact]
    public async Task A_file_that_could_contain_a_script_is_only_saved_and_never_shown()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(first: "page.html");
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample, """, "start": true""".Replace("start", "sequential", StringComparison.Ordinal));
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Head, $"/api/v1/torrents/{hash}/files/0/content");
        Assert.Equal("application/octet-stream", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal("attachment", answer.Content.Headers.ContentDisposition?.DispositionType);
        Assert.StartsWith("sandbox", answer.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal(40_000, answer.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task The_list_is_filtered_sorted_paged_and_reduced_to_fields()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string last = "";
        foreach ((string name, string label) in ((string, string)[])[("Beta one", "x"), ("alpha two", "y"), ("Gamma one", "x")])
            last = await daemon.AddAsync(new SampleTorrent(name, seed: name[0]), $$""", "labels": ["{{label}}"]""");
        Assert.Equal(["Beta one", "alpha two", "Gamma one"], await NamesAsync(""));
        Assert.Equal(["alpha two", "Beta one", "Gamma one"], await NamesAsync("?sort=name"));
        Assert.Equal(["Gamma one", "Beta one", "alpha two"], await NamesAsync("?sort=-name"));
        Assert.Equal(["Beta one", "Gamma one"], await NamesAsync("?label=x"));
        Assert.Equal(["Gamma one"], await NamesAsync("?search=ONE%20gam"));
        Assert.Equal(["Beta one", "Gamma one"], await NamesAsync("?search=X"));
        Assert.Equal(["Gamma one"], await NamesAsync("?search=x%20" + last[..12].ToUpperInvariant()));
        Assert.Equal(["Gamma one"], await NamesAsync("?state=stopped&offset=2"));
        Assert.Empty(await NamesAsync("?state=active"));
        Assert.Equal(["Beta one"], await NamesAsync("?limit=1&tracker=127.0.0.1"));
        JsonNode narrow = await daemon.GetAsync("/api/v1/torrents?fields=name,size&limit=1");
        Assert.Equal(3, (int?)narrow["total"]);
        Assert.Equal(["hash", "name", "size"], narrow["torrents"]![0]!.AsObject().Select(member => member.Key));

        async Task<string[]> NamesAsync(string query) =>
            [.. (await daemon.GetAsync("/api/v1/torrents" + query))["torrents"]!.AsArray().Select(torrent => (string)torrent!["name"]!)];
    }

    [Fact]
    public async Task A_magnet_link_and_an_upload_are_added_too_and_nothing_twice()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        const string Hash = "c9e15763f722f23e98a29decdfae341b98d53056";
        using HttpResponseMessage magnet = await daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "magnet:?xt=urn:btih:{{Hash}}&dn=thing", "start": false}""");
        Assert.Equal(HttpStatusCode.Created, magnet.StatusCode);
        Assert.Equal($"/api/v1/torrents/{Hash}", magnet.Headers.Location?.ToString());
        JsonNode problem = await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "{{Hash}}"}""",
            HttpStatusCode.Conflict, "torrent-exists");
        Assert.Equal(Hash, (string?)problem["hash"]);
        await daemon.RefusedAsync(HttpMethod.Get, $"/api/v1/torrents/{Hash}/torrent", null, HttpStatusCode.Conflict, "no-metadata");

        SampleTorrent sample = new();
        using HttpResponseMessage upload = await daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents?start=false&label=up", change: request =>
            {
                request.Content = new ByteArrayContent(sample.Bytes);
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-bittorrent");
            });
        JsonNode item = JsonNode.Parse(await upload.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal("""["up"]""", item["labels"]!.ToJsonString());
        using HttpResponseMessage export = await daemon.SendAsync(HttpMethod.Get, $"/api/v1/torrents/{item["hash"]}/torrent");
        byte[] exported = await export.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.True(MetainfoReader.TryRead(exported, out TorrentMetainfo? metainfo, out _));
        Assert.Equal((string?)item["hash"], metainfo.SwarmHash.ToString());
    }

    [Fact]
    public async Task A_torrent_is_inspected_without_being_added()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string body = $$"""{"metainfo": "{{Convert.ToBase64String(new SampleTorrent().Bytes)}}"}""";
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/inspect", body);
        JsonNode seen = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(["first.bin", "second.txt"], seen["files"]!.AsArray().Select(file => ((string)file!["path"]!).Split('/')[^1]));
        Assert.False((bool?)seen["exists"]);
        Assert.Empty(daemon.Server.Session.Torrents);
    }

    [Fact]
    public async Task Files_get_priorities_and_names()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        using HttpResponseMessage skipped = await daemon.SendAsync(
            HttpMethod.Patch, $"/api/v1/torrents/{hash}/files", """{"files": [1], "priority": "skip"}""");
        Assert.Equal(HttpStatusCode.NoContent, skipped.StatusCode);
        using HttpResponseMessage renamed = await daemon.SendAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/files/0/rename", """{"path": "other/name.bin"}""");
        Assert.Equal(HttpStatusCode.NoContent, renamed.StatusCode);
        JsonArray files = (await daemon.GetAsync($"/api/v1/torrents/{hash}/files"))["files"]!.AsArray();
        Assert.Equal(["normal", "skip"], files.Select(file => (string)file!["priority"]!));
        Assert.EndsWith("other/name.bin", daemon.Server.Session.Torrents[0].Files[0].StoredPath, StringComparison.Ordinal);
        await daemon.RefusedAsync(HttpMethod.Patch, $"/api/v1/torrents/{hash}/files", """{"files": [2], "priority": "high"}""",
            HttpStatusCode.NotFound, "no-such-file");
        await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/files/9/rename", """{"path": "x"}""",
            HttpStatusCode.NotFound, "no-such-file");
    }

    [Fact]
    public async Task Many_torrents_are_changed_at_once_and_each_failure_is_named()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string first = await daemon.AddAsync(new SampleTorrent("a", seed: 1));
        string second = await daemon.AddAsync(new SampleTorrent("b", seed: 2));
        string missing = new('0', 40);
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk",
            $$"""{"change": {"addLabels": ["z"]}, "action": "change", "hashes": ["{{first}}", "{{missing}}", "{{second}}"] }""");
        JsonNode result = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(2, (int?)result["done"]);
        Assert.Equal("no-such-torrent", (string?)result["failures"]!.AsArray().Single()!["code"]);
        Assert.Equal(2, (int?)(await daemon.GetAsync("/api/v1/torrents?label=z"))["total"]);
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents/bulk", """{"action": "change", "hashes": []}""",
            HttpStatusCode.BadRequest, "invalid-value");
    }

    [Fact]
    public async Task Trackers_are_shown_without_keys_and_peers_can_be_named()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent(tracker: "http://127.0.0.1:1/0123456789abcdef0123456789abcdef/announce"));
        JsonNode trackers = await daemon.GetAsync($"/api/v1/torrents/{hash}/trackers");
        JsonNode tracker = Assert.Single(trackers["trackers"]!.AsArray())!;
        Assert.DoesNotContain("0123456789abcdef", (string?)tracker["url"], StringComparison.Ordinal);
        Assert.Equal("idle", (string?)tracker["state"]);
        using HttpResponseMessage added = await daemon.SendAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/peers", """{"peers": ["127.0.0.1:9", "[::1]:9"]}""");
        Assert.Equal(HttpStatusCode.NoContent, added.StatusCode);
        Assert.Empty((await daemon.GetAsync($"/api/v1/torrents/{hash}/peers"))["peers"]!.AsArray());
        await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/peers", """{"peers": ["example.org"]}""",
            HttpStatusCode.BadRequest, "invalid-value");
    }

    [Fact]
    public async Task Stop_recheck_and_reannounce_are_accepted()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        foreach (string action in (string[])["recheck", "reannounce", "stop"])
        {
            using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/{action}");
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        Assert.Equal("stopped", (string?)(await daemon.GetAsync($"/api/v1/torrents/{hash}"))["torrent"]!["state"]);
    }
}

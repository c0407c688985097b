using System.Net;
using System.Text.Json.Nodes;
using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Daemon.Tests.Http;

public class TorrentSettingsTests
{
    [Fact]
    public async Task Seed_limits_are_those_of_the_session_or_the_torrents_own()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await ChangeAsync(daemon, "/api/v1/session/settings", """{"seedRatio": 1.5, "seedIdleTime": 3600, "seedEnd": "remove"}""");
        Assert.Equal(
            new SeedLimits { Ratio = 1.5, IdleTime = TimeSpan.FromHours(1), Then = SeedEnd.Remove },
            daemon.Server.Session.Options.SeedLimits);
        string hash = await daemon.AddAsync(new SampleTorrent());
        string path = $"/api/v1/torrents/{hash}";
        JsonNode settings = (await daemon.GetAsync(path))["settings"]!;
        Assert.Equal((false, 1.5, "remove"), (
            (bool)settings["ownSeedLimits"]!, (double)settings["seedRatio"]!, (string)settings["seedEnd"]!));

        await ChangeAsync(daemon, path, """{"seedTime": 7200}""");
        Torrent torrent = daemon.Server.Session.Torrents[0];
        Assert.Equal(new SeedLimits { SeedTime = TimeSpan.FromHours(2) }, torrent.Options.SeedLimits);
        await ChangeAsync(daemon, path, """{"seedEnd": "remove-with-files"}""");
        Assert.Equal(new SeedLimits { SeedTime = TimeSpan.FromHours(2), Then = SeedEnd.RemoveWithFiles }, torrent.Options.SeedLimits);
        await ChangeAsync(daemon, path, """{"ownSeedLimits": false}""");
        Assert.Null(torrent.Options.SeedLimits);
        await ChangeAsync(daemon, path, """{"ownSeedLimits": true}""");
        Assert.Equal(SeedLimits.None, torrent.Options.SeedLimits);
    }

    [Theory]
    [InlineData("""{"seedRatio": -1}""", "seedRatio")]
    [InlineData("""{"seedTime": 9000000000000000000}""", "seedTime")]
    [InlineData("""{"seedIdleTime": 59}""", "seedIdleTime")]
    public async Task Invalid_seed_limits_are_refused_for_torrents_and_the_session(string change, string member)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        foreach (string path in (string[])[$"/api/v1/torrents/{hash}", "/api/v1/session/settings"])
        {
            JsonNode problem = await daemon.RefusedAsync(HttpMethod.Patch, path, change, HttpStatusCode.BadRequest, "invalid-value");
            Assert.NotNull(problem["errors"]![member]);
        }
    }

    [Fact]
    public async Task Trackers_are_replaced_and_reset()
    {
        const string Named = "http://127.0.0.1:1/0123456789abcdef0123456789abcdef/announce";
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent(tracker: Named));
        string path = $"/api/v1/torrents/{hash}";
        Assert.Equal([(Named, 0)], await TrackersAsync(daemon, path));
        Assert.False((bool)(await daemon.GetAsync(path))["settings"]!["ownTrackers"]!);

        await ChangeAsync(daemon, path, """{"trackers": [["http://127.0.0.2:1/a"], ["udp://127.0.0.3:1"]]}""");
        Assert.Equal([("http://127.0.0.2:1/a", 0), ("udp://127.0.0.3:1", 1)], await TrackersAsync(daemon, path));
        JsonNode details = await daemon.GetAsync(path);
        Assert.True((bool)details["settings"]!["ownTrackers"]!);
        Assert.Equal("""["127.0.0.2","127.0.0.3"]""", details["torrent"]!["trackers"]!.ToJsonString());

        await ChangeAsync(daemon, path, """{"trackers": []}""");
        Assert.Empty(await TrackersAsync(daemon, path));
        await ChangeAsync(daemon, path, """{"ownTrackers": false}""");
        Assert.Equal([(Named, 0)], await TrackersAsync(daemon, path));
        JsonNode problem = await daemon.RefusedAsync(
            HttpMethod.Patch, path, """{"trackers": [["wss://tracker.example"]]}""", HttpStatusCode.BadRequest, "invalid-value");
        Assert.Contains("wss trackers are not supported", (string?)problem["detail"], StringComparison.Ordinal);
        foreach (string nothing in new[] { "[null]", "[[null]]", "[[]]" })
        {
            string change = $$"""{"trackers": {{nothing}}}""";
            await daemon.RefusedAsync(HttpMethod.Patch, path, change, HttpStatusCode.BadRequest, "invalid-value");
        }
    }

    [Fact]
    public async Task A_torrent_that_has_seeded_enough_is_removed_and_the_log_says_why()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        await ChangeAsync(daemon, $"/api/v1/torrents/{hash}", """{"seedTime": 1, "seedEnd": "remove"}""");
        using HttpResponseMessage started = await daemon.SendAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/start");
        await Patience.Until(() => daemon.Server.Session.Torrents.Count == 0);
        Assert.True(File.Exists(daemon["data/" + sample.FirstPath]));
        await Patience.Until(() => daemon.GetAsync("/api/v1/log").GetAwaiter().GetResult()["entries"]!.AsArray()
            .Any(entry => (string?)entry!["event"] == "seed-limit-reached"));
    }

    [Fact]
    public async Task A_torrent_that_a_limit_has_stopped_says_which_one_until_it_is_started()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: "");
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        string path = $"/api/v1/torrents/{hash}";
        Assert.Null((await daemon.GetAsync(path))["torrent"]!["seedLimit"]);
        await ChangeAsync(daemon, path, """{"seedTime": 1}""");
        using (HttpResponseMessage started = await daemon.SendAsync(HttpMethod.Post, path + "/start"))
            Assert.True(started.IsSuccessStatusCode);
        await Patience.Until(() => LimitOf() == "seed-time");
        JsonNode item = (await daemon.GetAsync("/api/v1/torrents"))["torrents"]!.AsArray().Single()!;
        Assert.Equal("stopped", (string?)item["state"]);
        Assert.Equal("Stopped by a limit: it has seeded for as long as it should.", (string?)item["why"]);

        await ChangeAsync(daemon, path, """{"ownSeedLimits": true, "seedTime": 0}""");
        using (HttpResponseMessage again = await daemon.SendAsync(HttpMethod.Post, path + "/start"))
            Assert.True(again.IsSuccessStatusCode);
        await Patience.Until(() => LimitOf() is null);
        using (HttpResponseMessage stopped = await daemon.SendAsync(HttpMethod.Post, path + "/stop"))
            Assert.True(stopped.IsSuccessStatusCode);
        Assert.Equal("stopped", (string?)(await daemon.GetAsync(path))["torrent"]!["state"]);
        Assert.Null(LimitOf());

        string? LimitOf() =>
            (string?)daemon.GetAsync("/api/v1/torrents").GetAwaiter().GetResult()["torrents"]!.AsArray().Single()!["seedLimit"];
    }

    [Fact]
    public async Task Simultaneous_changes_of_one_torrent_are_all_kept()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        HttpResponseMessage[] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => i % 4 == 0
            ? daemon.SendAsync(
                HttpMethod.Patch, $"/api/v1/torrents/{hash}/files", $$"""{"files": [{{i / 4 % 2}}], "priority": "high"}""")
            : daemon.SendAsync(HttpMethod.Patch, $"/api/v1/torrents/{hash}", $$"""{"addLabels": ["label {{i}}"]}""")));
        Assert.All(answers, answer => Assert.True(answer.IsSuccessStatusCode));
        JsonNode details = await daemon.GetAsync($"/api/v1/torrents/{hash}");
        Assert.Equal(24, details["torrent"]!["labels"]!.AsArray().Count);
        JsonNode files = (await daemon.GetAsync($"/api/v1/torrents/{hash}/files"))["files"]!;
        Assert.All(files.AsArray(), file => Assert.Equal("high", (string?)file!["priority"]));
    }

    [Fact]
    public async Task A_change_that_waits_for_a_move_continues_in_the_background()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { ActionPatience = TimeSpan.FromMilliseconds(200) });
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        Torrent torrent = daemon.Server.Session.Torrents[0];
        using HeldMove held = new();
        Task moving = torrent.MoveAsync(daemon["data/elsewhere"], held, TestContext.Current.CancellationToken);
        await held.Reached.Bounded();
        foreach ((HttpMethod method, string path, string body) in ((HttpMethod, string, string)[])
            [
                (HttpMethod.Patch, "", """{"labels": ["late"]}"""),
                (HttpMethod.Patch, "/files", """{"files": [1], "priority": "skip"}"""),
                (HttpMethod.Post, "/files/0/rename", """{"path": "sample/other.bin"}"""),
            ])
        {
            using HttpResponseMessage answer = await daemon.SendAsync(method, $"/api/v1/torrents/{hash}{path}", body);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        }

        held.Open();
        await moving.Bounded();
        await Patience.Until(() => torrent.Files[0].StoredPath == daemon["data/elsewhere/sample/other.bin"]);
        Assert.Equal(FilePriority.Skip, torrent.Options.FilePriorities[1]);
        Assert.Equal("late", torrent.Options.UserData["labels"]);
        Assert.Equal(daemon["data/elsewhere"], torrent.Options.DownloadFolder);
    }

    [Fact]
    public async Task Rates_per_peer_are_settings_of_a_torrent()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        await ChangeAsync(daemon, $"/api/v1/torrents/{hash}", """{"maxPeerDownloadRate": 20000, "maxPeerUploadRate": 10000}""");
        TorrentOptions options = daemon.Server.Session.Torrents[0].Options;
        Assert.Equal((new DataRate(20_000), new DataRate(10_000)), (options.MaxPeerDownloadRate, options.MaxPeerUploadRate));
        await daemon.RefusedAsync(HttpMethod.Patch, $"/api/v1/torrents/{hash}", """{"maxPeerUploadRate": 1}""",
            HttpStatusCode.BadRequest, "invalid-value");
    }

    [Fact]
    public async Task Incomplete_files_are_separate_and_existing_ones_are_kept()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        await ChangeAsync(daemon, "/api/v1/session/settings", """{"incompleteFolder": "apart"}""");
        string one = await daemon.AddAsync(new SampleTorrent("one", seed: 1), """, "keepExisting": true, "forceStart": true""");
        string two = await daemon.AddAsync(new SampleTorrent("two", seed: 2), """, "incompleteFolder": "" """);
        JsonNode details = await daemon.GetAsync($"/api/v1/torrents/{one}");
        Assert.Equal(daemon["data/apart"], (string?)details["incompleteFolder"]);
        Assert.True((bool?)details["keepExisting"]);
        Assert.True((bool?)details["torrent"]!["forced"]);
        Assert.Null((string?)(await daemon.GetAsync($"/api/v1/torrents/{two}"))["incompleteFolder"]);
        SampleTorrent outside = new("three", seed: 3);
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents",
            $$"""{"metainfo": "{{Convert.ToBase64String(outside.Bytes)}}", "incompleteFolder": "/etc"}""",
            HttpStatusCode.Forbidden, "path-not-allowed");
    }

    [Fact]
    public async Task A_folder_of_files_is_renamed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample);
        using HttpResponseMessage renamed = await daemon.SendAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/rename-folder", """{"folder": "sample", "path": "other/name"}""");
        Assert.Equal(HttpStatusCode.NoContent, renamed.StatusCode);
        Assert.True(File.Exists(daemon["data/other/name/second.txt"]));
        JsonNode files = await daemon.GetAsync($"/api/v1/torrents/{hash}/files");
        Assert.Equal("other/name/first.bin", (string?)files["files"]![0]!["path"]);
        foreach (string body in (string[])["""{"folder": "sample", "path": "x"}""", """{"folder": "other", "path": "../x"}"""])
        {
            await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/rename-folder", body,
                HttpStatusCode.BadRequest, "invalid-value");
        }
    }

    // They are returned with their keys, as an editor needs them.
    private static async Task<IEnumerable<(string, int)>> TrackersAsync(TestDaemon daemon, string path)
    {
        JsonNode trackers = await daemon.GetAsync(path + "/trackers?keys=true");
        return trackers["trackers"]!.AsArray().Select(tracker => ((string)tracker!["url"]!, (int)tracker["tier"]!));
    }

    private static async Task ChangeAsync(TestDaemon daemon, string path, string change)
    {
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Patch, path, change);
        Assert.True(
            answer.StatusCode == HttpStatusCode.OK, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}

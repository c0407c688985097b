using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Freshet.Core.Torrents;

namespace Freshet.Daemon.Tests.Http;

/// <summary>What is refused because of the files that are there, or because of a disk that does not respond.</summary>
public class FileRefusalTests
{
    private const string Link = "magnet:?xt=urn:btih:c9e15763f722f23e98a29decdfae341b98d53056";

    [Fact]
    public async Task Files_are_renamed_to_no_name_that_is_taken()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        sample.WriteTo(daemon.Data);
        Directory.CreateDirectory(daemon["data/other"]);
        await File.WriteAllTextAsync(daemon["data/other/first.bin"], "a user's", TestContext.Current.CancellationToken);
        string hash = await daemon.AddAsync(sample);
        await daemon.AddAsync(new SampleTorrent("two", seed: 2));
        foreach ((string folder, string code) in ((string, string)[])[("other", "file-exists"), ("two", "path-in-use")])
        {
            await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/files/0/rename",
                $$"""{"path": "{{folder}}/first.bin"}""", HttpStatusCode.Conflict, code);
            await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/rename-folder",
                $$"""{"folder": "sample", "path": "{{folder}}"}""", HttpStatusCode.Conflict, code);
        }

        Assert.Equal(sample.First, await File.ReadAllBytesAsync(daemon["data/sample/first.bin"], TestContext.Current.CancellationToken));
        Assert.Equal("a user's", await File.ReadAllTextAsync(daemon["data/other/first.bin"], TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Files_that_another_session_writes_are_not_renamed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new();
        string hash = await daemon.AddAsync(sample);
        await using Session other = await Session.StartAsync(
            new SessionOptions
            {
                DownloadFolder = daemon.Data,
                StateFolder = daemon["other"],
                ListenPort = 0,
                BindAddress = IPAddress.Loopback,
            },
            TestContext.Current.CancellationToken);
        await other.AddAsync(TorrentSource.Bytes(sample.Bytes), new TorrentOptions(), TestContext.Current.CancellationToken);
        await Patience.Until(() => File.Exists(daemon[$"data/.{hash}.freshet-lock"]));
        await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/files/0/rename", """{"path": "sample/x.bin"}""",
            HttpStatusCode.Conflict, "locked");
        await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/rename-folder", """{"folder": "sample", "path": "x"}""",
            HttpStatusCode.Conflict, "locked");
    }

    [Fact]
    public async Task Files_are_not_chosen_where_the_user_or_another_torrent_has_others()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        // Its files share no piece.
        SampleTorrent sample = new(length: 32 * 1024);
        sample.WriteTo(daemon.Data);
        await File.WriteAllBytesAsync(daemon["data/sample/second.txt"], Encoding.ASCII.GetBytes(new string('x', 10_000)),
            TestContext.Current.CancellationToken);
        string hash = await daemon.AddAsync(sample, """, "keepExisting": true, "priorities": ["normal", "skip"]""");
        Torrent torrent = daemon.Server.Session.Torrents[0];
        await torrent.StartAsync(TestContext.Current.CancellationToken);
        await torrent.Completion.Bounded();
        await RefusedAsync("file-exists");

        File.Delete(daemon["data/sample/second.txt"]);
        Torrent writer = await daemon.Server.Session.AddAsync(
            TorrentSource.Bytes(new SampleTorrent(seed: 2, first: "other.bin").Bytes), new TorrentOptions(),
            TestContext.Current.CancellationToken);
        await Patience.Until(() => writer.Status.State is TorrentState.Downloading or TorrentState.Failed);
        Assert.True(writer.Status.State == TorrentState.Downloading, writer.Status.ToString());
        await RefusedAsync("path-in-use");
        Assert.Equal(FilePriority.Skip, torrent.Files[1].Priority);

        Task<JsonNode> RefusedAsync(string code) => daemon.RefusedAsync(
            HttpMethod.Patch, $"/api/v1/torrents/{hash}/files", """{"files": [1], "priority": "normal"}""", HttpStatusCode.Conflict, code);
    }

    [Fact]
    public async Task Files_are_not_moved_to_where_another_torrent_writes_its_own()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        Torrent writer = await daemon.Server.Session.AddAsync(
            TorrentSource.Bytes(new SampleTorrent(seed: 2).Bytes), new TorrentOptions { DownloadFolder = daemon["data/films"] },
            TestContext.Current.CancellationToken);
        await Patience.Until(() => writer.Status.State == TorrentState.Downloading);
        await daemon.RefusedAsync(
            HttpMethod.Post, $"/api/v1/torrents/{hash}/move", """{"folder": "films"}""", HttpStatusCode.Conflict, "path-in-use");
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents/bulk",
            $$"""{"action": "move", "hashes": ["{{hash}}"], "folder": "/etc"}""", HttpStatusCode.Forbidden, "path-not-allowed");
        Assert.Equal(daemon.Data, daemon.Server.Session.Torrents[0].Folder);
    }

    [Fact]
    public async Task A_torrent_whose_files_are_not_known_has_none_to_choose_or_rename()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        using HttpResponseMessage added = await daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents", $$"""{"source": "{{Link}}", "start": false}""");
        string path = "/api/v1/torrents/" + daemon.Server.Session.Torrents[0].InfoHash;
        await daemon.RefusedAsync(HttpMethod.Patch, path + "/files", """{"priority": "high"}""", HttpStatusCode.Conflict, "no-metadata");
        await daemon.RefusedAsync(HttpMethod.Post, path + "/rename-folder", """{"folder": "a", "path": "b"}""",
            HttpStatusCode.Conflict, "no-metadata");
    }

    [Fact]
    public async Task A_file_is_not_read_that_nobody_sends_or_whose_torrent_has_failed()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { PiecePatience = TimeSpan.FromMilliseconds(200) });
        string absent = await daemon.AddAsync(new SampleTorrent("absent", seed: 2));
        await daemon.RefusedAsync(HttpMethod.Get, $"/api/v1/torrents/{absent}/files/0/content", null,
            HttpStatusCode.ServiceUnavailable, "not-available");

        SampleTorrent sample = new();
        new SampleTorrent(seed: 3).WriteTo(daemon.Data);
        string hash = await daemon.AddAsync(sample, """, "keepExisting": true""");
        Torrent failing = daemon.Server.Session.Torrents[1];
        await failing.StartAsync(TestContext.Current.CancellationToken);
        await Patience.Until(() => failing.Status.State == TorrentState.Failed);
        await daemon.RefusedAsync(HttpMethod.Get, $"/api/v1/torrents/{hash}/files/0/content", null,
            HttpStatusCode.Conflict, "torrent-failed");
    }

    [Fact]
    public async Task A_disk_that_does_not_respond_is_named_whatever_is_asked_of_it()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync(
            (options, _) => options with { ActionPatience = TimeSpan.FromMilliseconds(500) });
        SampleTorrent sample = new();
        string hash = await daemon.AddAsync(sample);
        using ManualResetEventSlim end = new();
        using ManualResetEventSlim begun = new();
        Task hanging = daemon.Server.Parts!.Paths.LookAsync(daemon.Data, Hang, TestContext.Current.CancellationToken);
        await Patience.Until(() => begun.IsSet);
        foreach ((HttpMethod method, string path, string? body) in ((HttpMethod, string, string?)[])
            [
                (HttpMethod.Post, "torrents", $$"""{"source": "{{Link}}", "folder": "films"}"""),
                (HttpMethod.Post, "torrents/bulk", $$"""{"action": "move", "hashes": ["{{hash}}"], "folder": "films"}"""),
                (HttpMethod.Post, $"torrents/{hash}/move", """{"folder": "films"}"""),
                (HttpMethod.Patch, "session/settings", """{"downloadFolder": "films"}"""),
                (HttpMethod.Get, "folders?path=films", null),
                (HttpMethod.Post, "creations", """{"path": "sample"}"""),
            ])
            await daemon.RefusedAsync(method, "/api/v1/" + path, body, HttpStatusCode.ServiceUnavailable, "not-available");
        end.Set();
        await Assert.ThrowsAsync<Freshet.Daemon.Http.ApiException>(() => hanging);

        bool Hang(string path)
        {
            begun.Set();
            return end.Wait(Patience.Bound, CancellationToken.None);
        }
    }
}

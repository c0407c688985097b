using System.Net;
using Freshet.Daemon.Http;
using Freshet.Daemon.Security;

namespace Freshet.Daemon.Tests.Security;

public class PathTests
{
    [Theory]
    [InlineData("../outside")]
    [InlineData("/etc")]
    [InlineData("a/../../outside")]
    [InlineData("link/inside")]
    [InlineData("a\0b")]
    [InlineData("")]
    public void A_path_that_leaves_the_allowed_folders_is_not_resolved(string path)
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        Directory.CreateDirectory(folder["outside"]);
        Directory.CreateSymbolicLink(folder["data/link"], folder["outside"]);
        Assert.Null(new AllowedFolders([folder["data"]], []).Resolve(path, folder["data"]));
    }

    [Fact]
    public void A_sibling_whose_name_begins_the_same_is_outside()
    {
        using TemporaryFolder folder = new();
        Assert.Null(new AllowedFolders([folder["data"]], []).Resolve(folder["data2"], folder["data"]));
    }

    [Fact]
    public void Links_that_stay_inside_and_links_to_the_allowed_folder_itself_are_followed()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["real/inside"]);
        Directory.CreateSymbolicLink(folder["data"], folder["real"]);
        Directory.CreateSymbolicLink(folder["real/link"], "inside");
        AllowedFolders allowed = new([folder["data"]], []);
        Assert.Equal(folder["data/link/new"], allowed.Resolve("link/new", folder["data"]));
        Assert.Equal(folder["data"], allowed.Resolve(".", folder["data"]));
    }

    [Fact]
    public void Circular_links_are_refused()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        Directory.CreateSymbolicLink(folder["data/a"], "b");
        Directory.CreateSymbolicLink(folder["data/b"], "a");
        Assert.Null(new AllowedFolders([folder["data"]], []).Resolve("a/x", folder["data"]));
    }

    [Fact]
    public async Task A_watch_folder_whose_disk_does_not_respond_is_still_at_its_place()
    {
        bool isDead = false;
        AllowedFolders allowed = new(["/home/u", "/data"], ["/home/u/in"]);
        await allowed.LearnAsync(RealAsync);
        isDead = true;
        Assert.Null(await allowed.ResolveForFilesAsync("/data/u", "/data", RealAsync));
        Assert.Equal("/data/other", await allowed.ResolveForFilesAsync("/data/other", "/data", RealAsync));

        // /home/u is a link to /data/u, and another disk is mounted at /data/u/in.
        Task<string?> RealAsync(string path)
        {
            if (isDead && path == "/home/u/in")
                throw new ApiException(503, "not-available", "dead");
            return Task.FromResult<string?>(path.Replace("/home/u", "/data/u", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("/etc")]
    [InlineData("../elsewhere")]
    public async Task Traversal_in_a_folder_is_refused_in_every_request_that_names_one(string path)
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string metainfo = Convert.ToBase64String(new SampleTorrent().Bytes);
        await daemon.RefusedAsync(HttpMethod.Post, "/api/v1/torrents", $$"""{"metainfo": "{{metainfo}}", "folder": "{{path}}"}""",
            HttpStatusCode.Forbidden, "path-not-allowed");
        await daemon.RefusedAsync(HttpMethod.Get, "/api/v1/folders?path=" + Uri.EscapeDataString(path), null,
            HttpStatusCode.Forbidden, "path-not-allowed");
        await daemon.RefusedAsync(HttpMethod.Patch, "/api/v1/session/settings", $$"""{"downloadFolder": "{{path}}"}""",
            HttpStatusCode.BadRequest, "invalid-value");
        Assert.Empty(daemon.Server.Session.Torrents);
    }

    [Fact]
    public async Task What_is_the_daemons_own_is_out_of_reach_even_in_an_allowed_folder()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) => options with
        {
            AllowedFolders = [Path.TrimEndingDirectorySeparator(folder.Path)],
            ConfigurationFile = folder.Write("etc/daemon.json", "{}"u8),
        });
        string metainfo = Convert.ToBase64String(new SampleTorrent().Bytes);
        foreach (string folder in (string[])[daemon["."], daemon["etc"], daemon["state"], daemon["state/daemon"], daemon["state/daemon/x"]])
        {
            await daemon.RefusedAsync(
                HttpMethod.Post, "/api/v1/torrents", $$"""{"metainfo": "{{metainfo}}", "folder": "{{folder}}"}""",
                HttpStatusCode.Forbidden, "path-not-allowed");
        }

        foreach (string path in (string[])[daemon["."], daemon["state"], daemon["state/daemon/token"], daemon["etc/daemon.json"]])
        {
            await daemon.RefusedAsync(
                HttpMethod.Post, "/api/v1/creations", $$"""{"path": "{{path}}"}""", HttpStatusCode.Forbidden, "path-not-allowed");
        }

        await daemon.RefusedAsync(
            HttpMethod.Get, "/api/v1/folders?path=" + Uri.EscapeDataString(daemon["state/daemon"]), null,
            HttpStatusCode.Forbidden, "path-not-allowed");
        await daemon.GetAsync("/api/v1/folders?path=" + Uri.EscapeDataString(daemon["."]));
        using HttpResponseMessage beside = await daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents", $$"""{"metainfo": "{{metainfo}}", "folder": "{{daemon["films"]}}", "start": false}""");
        Assert.Equal(HttpStatusCode.Created, beside.StatusCode);
    }

    [Fact]
    public async Task Traversal_in_a_new_name_of_a_file_is_refused()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        string hash = await daemon.AddAsync(new SampleTorrent());
        await daemon.RefusedAsync(HttpMethod.Post, $"/api/v1/torrents/{hash}/files/0/rename", """{"path": "../../outside.bin"}""",
            HttpStatusCode.BadRequest, "invalid-value");
    }
}

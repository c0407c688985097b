using System.Net;
using System.Runtime.Versioning;

namespace Freshet.Daemon.Tests.Running;

[UnsupportedOSPlatform("windows")]
public class CompletionTests
{
    [Fact]
    public async Task The_program_runs_after_a_download_gets_names_as_they_are_and_no_shell_reads_them()
    {
        const string Hostile = "x$(touch pwned);`id` {hash}";
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, folder) => options with
        {
            OnComplete = [WriteProgram(folder), folder["told"], "name={name}", "{folder}", "{labels}", "{unknown}"],
        });
        SampleTorrent sample = new(Hostile, tracker: "");
        await using Session seed = await SeedAsync(daemon, sample);
        using HttpResponseMessage added = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents",
            $$"""
            {"metainfo": "{{Convert.ToBase64String(sample.Bytes)}}", "labels": ["a", "b"], "peers": ["{{seed.ListenEndPoints[0]}}"]}
            """);
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Torrent torrent = daemon.Server.Session.Torrents[0];
        await Patience.Until(() => File.Exists(daemon["told"]));
        Assert.Equal([$"name={torrent.Name}", daemon.Data, "a,b", "{unknown}"], File.ReadAllLines(daemon["told"]));
        Assert.Contains("$(touch", torrent.Name, StringComparison.Ordinal);
        Assert.False(File.Exists("pwned"));
        Assert.False(File.Exists(daemon["data/pwned"]));
    }

    private static async Task<Session> SeedAsync(TestDaemon daemon, SampleTorrent sample)
    {
        Session seed = await Session.StartAsync(new SessionOptions
        {
            DownloadFolder = daemon["seed"],
            StateFolder = null,
            ListenPort = 0,
            BindAddress = IPAddress.Loopback,
        });
        Torrent torrent = await seed.AddAsync(TorrentSource.Bytes(sample.Bytes), new TorrentOptions { Stopped = true });
        foreach (TorrentFileStatus file in torrent.Files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file.StoredPath)!);
            File.WriteAllBytes(file.StoredPath, file.Index == 0 ? sample.First : sample.Second);
        }

        await torrent.StartAsync();
        await torrent.Completion.Bounded();
        return seed;
    }

    // Writes its arguments, a line each, and gives them the name only then.
    private static string WriteProgram(TemporaryFolder folder)
    {
        string path = folder.Write("tell.sh",
            "#!/bin/sh\nout=$1; shift\nprintf '%s\\n' \"$@\" > \"$out.new\" && mv \"$out.new\" \"$out\"\n"u8);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

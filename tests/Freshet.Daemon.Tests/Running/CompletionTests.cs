using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Runtime.Versioning;
using Freshet.Daemon.Running;
using Freshet.Daemon.Security;

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

    [Fact]
    public void The_program_sees_neither_the_configuration_nor_what_was_chosen_for_sockets()
    {
        Dictionary<string, string?> environment = new()
        {
            ["PATH"] = "/bin",
            ["FRESHET_TOKEN"] = "secret",
            ["DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS"] = "1",
        };
        CompletionProgram.HideFrom(environment);
        Assert.Equal("PATH", Assert.Single(environment).Key);
    }

    [Fact]
    public async Task A_program_that_a_stop_prevented_runs_at_the_next_start_and_only_once()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        string waiting = WriteScript(folder, "wait.sh", "#!/bin/sh\ntouch \"$1.began\"; while [ -e \"$1.began\" ]; do sleep 0.1; done\n"u8);
        string telling = WriteScript(folder, "count.sh", "#!/bin/sh\necho \"$2\" >> \"$1\"\n"u8);
        DaemonOptions options = TestDaemon.OptionsIn(folder);
        SampleTorrent downloaded = new("downloaded", tracker: "");
        SampleTorrent present = new("present", seed: 2, tracker: "");
        present.WriteTo(folder["data"]);
        await using Session seed = await SeedAsync(folder["seed"], downloaded);

        // Torrents that were complete before there was a program, and those that were never downloaded, have none.
        await RunAsync([], async daemon =>
        {
            SampleTorrent early = new("early", seed: 3, tracker: "");
            await using Session other = await SeedAsync(folder["other"], early);
            Torrent torrent = await DownloadAsync(daemon, early, other);

            // Records have whole seconds.
            await Patience.Until(() => DateTimeOffset.UtcNow.ToUnixTimeSeconds() > torrent.CompletedAt!.Value.ToUnixTimeSeconds());
        });
        await RunAsync([waiting, folder["told"], "{name}"], async daemon =>
        {
            await DownloadAsync(daemon, present, seed);
            await DownloadAsync(daemon, downloaded, seed);
            await Patience.Until(() => File.Exists(folder["told.began"]));

            // A third of the time would be taken if the program were waited for.
            Stopwatch watch = Stopwatch.StartNew();
            await daemon.StopAsync().Bounded();
            Assert.True(watch.Elapsed < options.StopTime / 3, $"{watch.Elapsed}");
        });
        for (int start = 0; start < 2; start++)
        {
            await RunAsync([telling, folder["told"], "{name}"], async daemon =>
            {
                await Patience.Until(() => daemon.Session.Torrents.Single(torrent => torrent.Name == "downloaded").IsCompletionHandled);
                Assert.DoesNotContain(
                    daemon.Session.Torrents, torrent => torrent.Name != "downloaded" && torrent.IsCompletionHandled);
            });
        }

        Assert.Equal(["downloaded"], File.ReadAllLines(folder["told"]));

        async Task RunAsync(ImmutableArray<string> program, Func<DaemonServer, Task> act)
        {
            await using DaemonServer daemon = await DaemonServer.StartAsync(
                options with { OnComplete = program }, TestContext.Current.CancellationToken);
            await act(daemon);
        }
    }

    [Fact]
    public void A_program_counts_as_configured_since_it_was_last_added()
    {
        using TemporaryFolder folder = new();
        PrivateFolder state = new(folder["state"]);
        DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        Assert.Equal(now, Completions.SinceOf(state, isConfigured: true, now.AddMilliseconds(900)));
        Assert.Equal(now, Completions.SinceOf(state, isConfigured: true, now.AddDays(1)));
        Completions.SinceOf(state, isConfigured: false, now.AddDays(2));
        Assert.Equal(now.AddDays(3), Completions.SinceOf(state, isConfigured: true, now.AddDays(3)));
    }

    private static async Task<Torrent> DownloadAsync(DaemonServer daemon, SampleTorrent sample, Session seed)
    {
        Torrent torrent = await daemon.Session.AddAsync(
            TorrentSource.Bytes(sample.Bytes), new TorrentOptions { Peers = [seed.ListenEndPoints[0]] },
            TestContext.Current.CancellationToken);
        await torrent.Completion.Bounded();
        await Patience.Until(() => torrent.CompletedAt is not null);
        return torrent;
    }

    private static Task<Session> SeedAsync(TestDaemon daemon, SampleTorrent sample) => SeedAsync(daemon["seed"], sample);

    private static async Task<Session> SeedAsync(string folder, SampleTorrent sample)
    {
        Session seed = await Session.StartAsync(new SessionOptions
        {
            DownloadFolder = folder,
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

    // Writes its arguments, one per line, and renames the file to its final name only then.
    private static string WriteProgram(TemporaryFolder folder) => WriteScript(
        folder, "tell.sh", "#!/bin/sh\nout=$1; shift\nprintf '%s\\n' \"$@\" > \"$out.new\" && mv \"$out.new\" \"$out\"\n"u8);

    private static string WriteScript(TemporaryFolder folder, string name, ReadOnlySpan<byte> text)
    {
        string path = folder.Write(name, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

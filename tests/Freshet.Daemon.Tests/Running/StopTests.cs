using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Freshet.Api;
using Freshet.Core.Torrents;

namespace Freshet.Daemon.Tests.Running;

/// <summary>What a stop of the daemon leaves behind.</summary>
public class StopTests
{
    [Fact]
    public async Task A_request_that_hangs_takes_no_time_from_the_torrents()
    {
        await using StubServer tracker = new(_ => Task.FromResult("d8:intervali1800e5:peers0:e"u8.ToArray()));
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder) with { StopTime = TimeSpan.FromSeconds(9) };
        SampleTorrent sample = new(tracker: tracker.Url + "announce");
        sample.WriteTo(folder["data"]);
        DaemonServer first = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        await first.Session.AddAsync(TorrentSource.Bytes(sample.Bytes), new TorrentOptions(), TestContext.Current.CancellationToken);
        await Patience.Until(() => tracker.Requests.Any(path => path.Contains("event=started", StringComparison.Ordinal)));
        using TcpClient hanging = await SendHalfARequestAsync(first);
        Stopwatch watch = Stopwatch.StartNew();
        await first.StopAsync().Bounded();
        Assert.True(watch.Elapsed < options.StopTime, $"{watch.Elapsed}");
        Assert.Contains(tracker.Requests, path => path.Contains("event=stopped", StringComparison.Ordinal));

        // The state folder is free, and its records are trusted: nothing is checked again.
        await using DaemonServer second = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        Torrent restored = Assert.Single(second.Session.Torrents);
        await Patience.Until(() => restored.Status.State != TorrentState.Stopped);
        Assert.Equal(TorrentState.Seeding, restored.Status.State);
    }

    [Fact]
    public async Task A_tracker_that_never_answers_delays_a_stop_by_no_more_than_its_bound()
    {
        TaskCompletionSource<byte[]> never = new();
        await using StubServer silent = new(path =>
            path.Contains("event=stopped", StringComparison.Ordinal)
                ? never.Task
                : Task.FromResult("d8:intervali1800e5:peers0:e"u8.ToArray()));
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["data"]);
        DaemonOptions options = TestDaemon.OptionsIn(folder) with { StopTime = TimeSpan.FromSeconds(3) };
        SampleTorrent sample = new(tracker: silent.Url + "announce");
        sample.WriteTo(folder["data"]);
        DaemonServer daemon = await DaemonServer.StartAsync(options, TestContext.Current.CancellationToken);
        await daemon.Session.AddAsync(TorrentSource.Bytes(sample.Bytes), new TorrentOptions(), TestContext.Current.CancellationToken);
        await Patience.Until(() => silent.Requests.Any(path => path.Contains("event=started", StringComparison.Ordinal)));
        Stopwatch watch = Stopwatch.StartNew();
        await daemon.StopAsync().Bounded();
        Assert.True(watch.Elapsed < 2 * options.StopTime, $"{watch.Elapsed}");
        Assert.Contains(silent.Requests, path => path.Contains("event=stopped", StringComparison.Ordinal));

        // What it gave up waiting for still uses the folder.
        never.SetResult([]);
        await daemon.Session.StopAsync(TestContext.Current.CancellationToken).Bounded();
    }

    [Fact]
    public async Task A_torrent_that_is_being_fetched_does_not_hold_up_a_stop()
    {
        TaskCompletionSource<byte[]> never = new();
        await using StubServer silent = new(_ => never.Task);
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with { AllowLocalUrls = true });
        Task<HttpResponseMessage> adding = daemon.SendAsync(
            HttpMethod.Post, "/api/v1/torrents", new JsonObject { ["source"] = silent.Url + "x.torrent" }.ToJsonString());
        await Patience.Until(() => !silent.Requests.IsEmpty);
        Stopwatch watch = Stopwatch.StartNew();
        await daemon.Server.StopAsync().Bounded();
        Assert.True(watch.Elapsed < new DaemonOptions().StopTime / 3, $"{watch.Elapsed}");
        using HttpResponseMessage answer = await adding;
        await TestDaemon.ProblemOfAsync(answer, HttpStatusCode.ServiceUnavailable, "stopping");
    }

    [Fact]
    public async Task A_state_folder_that_accepts_nothing_does_not_prevent_a_proper_stop_of_the_torrents()
    {
        await using StubServer tracker = new(_ => Task.FromResult("d8:intervali1800e5:peers0:e"u8.ToArray()));
        await using TestDaemon daemon = await TestDaemon.StartAsync();
        SampleTorrent sample = new(tracker: tracker.Url + "announce");
        sample.WriteTo(daemon.Data);
        await daemon.Server.Session.AddAsync(
            TorrentSource.Bytes(sample.Bytes), new TorrentOptions(), TestContext.Current.CancellationToken);
        await Patience.Until(() => tracker.Requests.Any(path => path.Contains("event=started", StringComparison.Ordinal)));

        // A folder cannot be deleted as a file.
        File.Delete(daemon["state/daemon/" + LocalDaemon.AddressFile]);
        Directory.CreateDirectory(daemon[$"state/daemon/{LocalDaemon.AddressFile}/in-the-way"]);
        await daemon.Server.StopAsync().Bounded();
        Assert.Contains(tracker.Requests, path => path.Contains("event=stopped", StringComparison.Ordinal));
    }

    private static async Task<TcpClient> SendHalfARequestAsync(DaemonServer daemon)
    {
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, daemon.Urls[0].Port, TestContext.Current.CancellationToken);
        byte[] half = Encoding.ASCII.GetBytes(
            "POST /api/v1/torrents HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            + $"Authorization: Bearer {daemon.Token}\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n"
            + "Expect: 100-continue\r\n\r\n");
        await client.GetStream().WriteAsync(half, TestContext.Current.CancellationToken);

        // The daemon asks for the rest of the body, so it is waiting for it.
        byte[] answer = new byte[64];
        int read = await client.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken).AsTask().Bounded();
        Assert.StartsWith("HTTP/1.1 100", Encoding.ASCII.GetString(answer, 0, read), StringComparison.Ordinal);
        return client;
    }
}

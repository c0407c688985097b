using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Freshet.Daemon.Tests.Feeds;

namespace Freshet.Daemon.Tests.Http;

/// <summary>Many torrents and many clients at the same time. The time that it takes is printed, not asserted.</summary>
[Collection(nameof(MeasuresMemory))]
public class SoakTests
{
    private const int Torrents = 10_000;
    private const int Clients = 20;
    private const int Rounds = 10;
    private const int ChangedInRound = 20;

    [Fact]
    public async Task Each_of_many_clients_is_told_every_change_among_many_torrents_and_nothing_else()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with
        {
            Session = options.Session with { Dht = null, LocalDiscovery = false },
        });
        Stopwatch watch = Stopwatch.StartNew();
        await Parallel.ForAsync(0, Torrents, TestContext.Current.CancellationToken, async (i, token) =>
            await daemon.Server.Session.AddAsync(
                TorrentSource.Magnet($"magnet:?xt=urn:btih:{i + 1:x40}&dn=torrent%20{i}"), new TorrentOptions { Stopped = true }, token));
        await Patience.Until(() => (int)daemon.GetAsync("/api/v1/torrents?limit=1").GetAwaiter().GetResult()["total"]! == Torrents);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Torrents} added in {watch.Elapsed.TotalSeconds:0.0} s");

        EventReader[] clients = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => EventReader.OpenAsync(daemon)));
        long[] snapshots = await Task.WhenAll(clients.Select(ReadSnapshotAsync));
        long before = GC.GetTotalMemory(forceFullCollection: true);
        watch.Restart();
        TimeSpan slowest = TimeSpan.Zero;
        for (int round = 0; round < Rounds; round++)
        {
            long started = Stopwatch.GetTimestamp();
            await ChangeAsync(daemon, round);
            if (Stopwatch.GetElapsedTime(started) is var took && took > slowest)
                slowest = took;
        }

        long[] changes = await Task.WhenAll(clients.Select(ReadChangesAsync));
        long held = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Rounds * ChangedInRound} changes to {Clients} clients in {watch.Elapsed.TotalSeconds:0.0} s, the slowest request took "
            + $"{slowest.TotalMilliseconds:0} ms; a snapshot has {snapshots[0]} bytes, all changes {changes.Max()}; "
            + $"{held} more bytes are held");

        // The cost of a client depends on what has changed, whatever the number of torrents.
        Assert.All(changes, bytes => Assert.InRange(bytes, 1, Rounds * ChangedInRound * 200L));
        Assert.All(snapshots, bytes => Assert.True(bytes > Torrents * 200L, $"{bytes}"));
        Assert.True(held < 16 << 20, $"{held} bytes");
        foreach (EventReader client in clients)
            client.Dispose();
        Assert.Equal(Torrents, (int?)(await daemon.GetAsync("/api/v1/torrents?limit=1"))["total"]);
    }

    // Other torrents each time, spread over the list.
    private static async Task ChangeAsync(TestDaemon daemon, int round)
    {
        JsonObject request = new()
        {
            ["action"] = "change",
            ["hashes"] = new JsonArray(
                [.. Enumerable.Range(0, ChangedInRound).Select(i => (JsonNode)$"{(i * (Torrents / ChangedInRound)) + round + 1:x40}")]),
            ["change"] = new JsonObject { ["labels"] = new JsonArray("soaked") },
        };
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", request.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<long> ReadSnapshotAsync(EventReader client)
    {
        long bytes = 0;
        int torrents = 0;
        while (true)
        {
            (string type, JsonNode data) = await client.NextAsync();
            Assert.Equal("snapshot", type);
            bytes += data.ToJsonString().Length;
            torrents += data["torrents"]!.AsArray().Count;
            if (!(bool)data["complete"]!)
                continue;
            Assert.Equal(Torrents, torrents);
            return bytes;
        }
    }

    private static async Task<long> ReadChangesAsync(EventReader client)
    {
        HashSet<string> changed = [];
        long bytes = 0;
        while (changed.Count < Rounds * ChangedInRound)
        {
            (string type, JsonNode data) = await client.NextAsync();
            if (type == "log")
                continue;
            Assert.Equal("change", type);
            if (data["changed"] is not JsonArray torrents)
                continue;
            bytes += torrents.ToJsonString().Length;
            foreach (JsonNode? torrent in torrents)
            {
                Assert.Equal(["hash", "labels"], torrent!.AsObject().Select(member => member.Key));
                Assert.True(changed.Add((string)torrent["hash"]!), "twice");
            }
        }

        return bytes;
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Freshet.Daemon.Tests.Feeds;

namespace Freshet.Daemon.Tests.Http;

/// <summary>
/// Many torrents that come, change and go, while clients stay, come back, and read nothing. FRESHET_SOAK_SECONDS says for how long.
/// </summary>
[Collection(nameof(MeasuresMemory))]
public class SoakChangesTests
{
    private const int Torrents = 10_000;
    private const int Clients = 20;
    private const int ThatComeBack = 5;
    private const int ThatReadNothing = 2;
    private const int InRound = 10;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static int Seconds =>
        int.TryParse(Environment.GetEnvironmentVariable("FRESHET_SOAK_SECONDS"), CultureInfo.InvariantCulture, out int wanted) ? wanted : 5;

    [Fact]
    public async Task Whoever_stays_and_whoever_comes_back_knows_the_same_at_the_end_and_who_reads_nothing_harms_nobody()
    {
        await using TestDaemon daemon = await TestDaemon.StartAsync((options, _) => options with
        {
            Session = options.Session with { Dht = null, LocalDiscovery = false },
        });
        await Parallel.ForAsync(0, Torrents, Token, async (i, token) => await daemon.Server.Session.AddAsync(
            TorrentSource.Magnet($"magnet:?xt=urn:btih:{i + 1:x40}"), new TorrentOptions { Stopped = true }, token));
        await Patience.Until(() => daemon.Server.Parts!.Catalog.Entries.Count == Torrents);
        EventReader[] silent = await Task.WhenAll(Enumerable.Range(0, ThatReadNothing).Select(_ => EventReader.OpenAsync(daemon)));
        using CancellationTokenSource ending = new();
        Model[] models = [.. Enumerable.Range(0, Clients - ThatReadNothing).Select(i => new Model(comesBack: i < ThatComeBack))];
        Task[] reading = [.. models.Select(model => model.RunAsync(daemon, ending.Token))];
        await Patience.Until(() => models.All(model => model.IsWhole));

        long began = Environment.TickCount64;
        int round = 0;
        for (; Environment.TickCount64 - began < Seconds * 1_000L; round++)
            await ChangeAsync(daemon, round);
        JsonNode list = await daemon.GetAsync("/api/v1/torrents?limit=10000&fields=hash,labels");
        KeyValuePair<string, string>[] expected = [.. list["torrents"]!.AsArray()
            .Select(torrent => KeyValuePair.Create((string)torrent!["hash"]!, Model.LabelOf(torrent)))
            .OrderBy(torrent => torrent.Key, StringComparer.Ordinal)];
        Assert.Equal(Torrents, expected.Length);
        foreach (Model model in models)
            await Patience.Until(() => model.Torrents.SequenceEqual(expected) || reading.Any(task => task.IsFaulted));
        await ending.CancelAsync();
        await Task.WhenAll(reading).Bounded();
        Assert.All(models.Take(ThatComeBack), model => Assert.True(model.Connections > 1, $"{model.Connections}"));
        Assert.All(models, model => Assert.Equal(1, model.Snapshots));
        TestContext.Current.TestOutputHelper?.WriteLine($"{round} rounds");
        foreach (EventReader reader in silent)
            reader.Dispose();
    }

    // Some come, as many go, and some of the others change.
    private static async Task ChangeAsync(TestDaemon daemon, int round)
    {
        for (int i = 0; i < InRound; i++)
        {
            string link = $"magnet:?xt=urn:btih:{Torrents + (round * InRound) + i + 1:x40}";
            using HttpResponseMessage added = await daemon.SendAsync(
                HttpMethod.Post, "/api/v1/torrents", new JsonObject { ["source"] = link, ["start"] = false }.ToJsonString());
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        }

        await BulkAsync(daemon, new JsonObject { ["action"] = "remove", ["hashes"] = HashesOf(i => (round * InRound) + i + 1) });
        await BulkAsync(daemon, new JsonObject
        {
            ["action"] = "change",
            ["hashes"] = HashesOf(i => ((round + 1) * InRound) + (i * 100) + 1),
            ["change"] = new JsonObject { ["labels"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"round {round}")) },
        });
    }

    private static JsonArray HashesOf(Func<int, int> number) =>
        [.. Enumerable.Range(0, InRound).Select(i => (JsonNode)$"{number(i):x40}")];

    private static async Task BulkAsync(TestDaemon daemon, JsonObject request)
    {
        using HttpResponseMessage answer = await daemon.SendAsync(HttpMethod.Post, "/api/v1/torrents/bulk", request.ToJsonString());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>What a client knows: the label of each torrent.</summary>
    private sealed class Model(bool comesBack)
    {
        private const int EventsEachTime = 3;

        private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

        private readonly ConcurrentDictionary<string, string> _labels = new();

        public bool IsWhole { get; private set; }

        public int Connections { get; private set; }

        public int Snapshots { get; private set; }

        public IEnumerable<KeyValuePair<string, string>> Torrents => _labels.OrderBy(torrent => torrent.Key, StringComparer.Ordinal);

        public static string LabelOf(JsonNode torrent) => (string?)torrent["labels"]!.AsArray().SingleOrDefault() ?? "";

        public async Task RunAsync(TestDaemon daemon, CancellationToken cancellationToken)
        {
            string? lastId = null;
            while (!cancellationToken.IsCancellationRequested)
            {
                using EventReader reader = await EventReader.OpenAsync(daemon, lastId);
                Connections++;
                for (int events = 0; !cancellationToken.IsCancellationRequested; events++)
                {
                    // One that comes back leaves in the middle, but not before it has everything: then it would have to begin again.
                    if (comesBack && IsWhole && events > EventsEachTime)
                    {
                        reader.Dispose();
                        await Task.WhenAny(Task.Delay(Pause, cancellationToken));
                        break;
                    }

                    Task<(string Type, JsonNode Data)> next = reader.NextAsync();
                    await Task.WhenAny(next, Task.Delay(Timeout.Infinite, cancellationToken));
                    if (!next.IsCompleted)
                    {
                        _ = next.ContinueWith(static late => _ = late.Exception, TaskScheduler.Default);
                        return;
                    }

                    (string type, JsonNode data) = await next;
                    Apply(type, data);
                    lastId = reader.LastId;
                }
            }
        }

        private void Apply(string type, JsonNode data)
        {
            if (type == "snapshot")
            {
                if ((bool)data["reset"]!)
                {
                    _labels.Clear();
                    Snapshots++;
                }

                Set(data["torrents"]);
                IsWhole |= (bool)data["complete"]!;
            }
            else if (type == "change")
            {
                Set(data["added"]);
                foreach (JsonNode? torrent in data["changed"]?.AsArray() ?? [])
                {
                    if (torrent!["labels"] is not null)
                        _labels[(string)torrent["hash"]!] = LabelOf(torrent);
                }

                foreach (JsonNode? hash in data["removed"]?.AsArray() ?? [])
                    _labels.TryRemove((string)hash!, out _);
            }
        }

        private void Set(JsonNode? torrents)
        {
            foreach (JsonNode? torrent in torrents?.AsArray() ?? [])
                _labels[(string)torrent!["hash"]!] = LabelOf(torrent);
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Freshet.Benchmarks.Api;

/// <summary>Sends a daemon the requests of pages and scripts, while others listen to events, and measures how long each takes.</summary>
internal sealed class ApiLoad : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    private readonly HttpClient _http;
    private readonly Dictionary<string, List<double>> _took = [];
    private readonly Lock _lock = new();

    public ApiLoad(Uri server, string token)
    {
        _http = new HttpClient { BaseAddress = server };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Waits until all torrents are restored and at rest.</summary>
    public async Task WaitForAsync(int count)
    {
        while ((int)(await GetAsync("/api/v1/session"))["status"]!["seeding"]! < count)
            await Task.Delay(Pause);
    }

    public async Task RunAsync(SeededDownload download, ApiBenchOptions options, Action<FormattableString> print)
    {
        string hash = (string)(await GetAsync("/api/v1/torrents?limit=1"))["torrents"]![0]!["hash"]!;
        (string Name, Func<int, Task> Ask)[] requests =
        [
            ("the session", _ => ReadAsync("/api/v1/session")),
            ("a page of 100, sorted by name", i => ReadAsync($"/api/v1/torrents?sort=name&limit=100&offset={i % 90 * 100}")),
            ("a search", i => ReadAsync($"/api/v1/torrents?search={i % 10_000:00000}&limit=100")),
            ("a torrent", _ => ReadAsync($"/api/v1/torrents/{hash}")),
            ("its files", _ => ReadAsync($"/api/v1/torrents/{hash}/files")),
            ("its peers", _ => ReadAsync($"/api/v1/torrents/{hash}/peers")),
            ("its trackers", _ => ReadAsync($"/api/v1/torrents/{hash}/trackers")),
            ("its pieces", _ => ReadAsync($"/api/v1/torrents/{hash}/pieces")),
            ("the log", _ => ReadAsync("/api/v1/log?limit=500")),
            ("the settings", _ => ReadAsync("/api/v1/session/settings")),
            ("the statistics", _ => ReadAsync("/api/v1/session/statistics")),
            ("the metrics", _ => ReadAsync("/metrics")),
            ("a change of labels", i => ChangeAsync($"/api/v1/torrents/{hash}", i)),
        ];
        using CancellationTokenSource ending = new();
        Task<double> downloading = DownloadAsync(download, ending.Token);
        Task[] listening = [.. Enumerable.Range(0, options.Listeners).Select(_ => ListenAsync(ending.Token))];
        long began = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, options.Clients).Select(client => AskAsync(client, requests, began, options.Seconds)));
        double took = Stopwatch.GetElapsedTime(began).TotalSeconds;
        await ending.CancelAsync();
        double bytes = await downloading;
        await Task.WhenAll(listening);
        print($"download: {bytes / took / 1024 / 1024:0} MiB/s");
        foreach ((string name, List<double> times) in _took)
            Print(name, times, print);
        Print("all", [.. _took.Values.SelectMany(times => times)], print);
    }

    public void Dispose() => _http.Dispose();

    // Each begins somewhere else, so that they do not all ask for the same at once.
    private async Task AskAsync(int client, (string Name, Func<int, Task> Ask)[] requests, long began, int seconds)
    {
        int first = client % requests.Length;
        (string Name, Func<int, Task> Ask)[] inOrder = [.. requests[first..], .. requests[..first]];
        for (int i = client; Stopwatch.GetElapsedTime(began).TotalSeconds < seconds; i++)
        {
            foreach ((string name, Func<int, Task> ask) in inOrder)
            {
                long asked = Stopwatch.GetTimestamp();
                await ask(i);
                Note(name, asked);
            }

            await Task.Delay(Pause);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        try
        {
            using HttpResponseMessage answer = await _http.GetAsync(
                "/api/v1/events", HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            answer.EnsureSuccessStatusCode();
            await using Stream events = await answer.Content.ReadAsStreamAsync(cancellationToken);
            while (await events.ReadAsync(buffer, cancellationToken) > 0)
            {
                // What it says does not matter here.
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
        }
    }

    private static void Print(string name, List<double> times, Action<FormattableString> print)
    {
        times.Sort();
        print($"{name}: {times.Count} requests, median {At(0.5):0.0} ms, p99 {At(0.99):0.0} ms, longest {times[^1]:0.0} ms");

        double At(double share) => times[Math.Min(times.Count - 1, (int)(times.Count * share))];
    }

    // Repeats the download at full speed; the result is the number of bytes downloaded.
    private async Task<double> DownloadAsync(SeededDownload download, CancellationToken cancellationToken)
    {
        double bytes = 0;
        JsonObject add = new()
        {
            ["metainfo"] = Convert.ToBase64String(download.Metainfo),
            ["peers"] = new JsonArray(download.Peer.ToString()),
        };
        while (!cancellationToken.IsCancellationRequested)
        {
            using HttpResponseMessage added = await _http.PostAsJsonAsync("/api/v1/torrents", add, CancellationToken.None);
            added.EnsureSuccessStatusCode();
            JsonNode answer = JsonNode.Parse(await added.Content.ReadAsStringAsync(CancellationToken.None))!;
            string path = "/api/v1/torrents/" + (string)answer["hash"]!;
            JsonNode item;
            do
            {
                await Task.Delay(Pause, CancellationToken.None);
                item = (await GetAsync(path))["torrent"]!;
            }
            while ((long)item["left"]! > 0 && !cancellationToken.IsCancellationRequested);
            bytes += (double)item["downloaded"]!;
            using HttpResponseMessage removed = await _http.DeleteAsync(path + "?deleteFiles=true", CancellationToken.None);
            removed.EnsureSuccessStatusCode();
        }

        return bytes;
    }

    private async Task<JsonNode> GetAsync(string path) => JsonNode.Parse(await _http.GetStringAsync(path))!;

    private async Task ReadAsync(string path) => await _http.GetByteArrayAsync(path);

    private async Task ChangeAsync(string path, int number)
    {
        JsonObject change = new() { ["labels"] = new JsonArray(string.Create(CultureInfo.InvariantCulture, $"label {number}")) };
        using HttpResponseMessage answer = await _http.PatchAsJsonAsync(path, change);
        answer.EnsureSuccessStatusCode();
    }

    private void Note(string name, long asked)
    {
        double took = Stopwatch.GetElapsedTime(asked).TotalMilliseconds;
        lock (_lock)
        {
            if (!_took.TryGetValue(name, out List<double>? times))
                _took[name] = times = [];
            times.Add(took);
        }
    }
}

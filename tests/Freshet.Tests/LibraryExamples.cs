using System.Text.RegularExpressions;
using Freshet.Core.Torrents;
using Freshet.Extensions.Hosting;
using Freshet.Tests.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Freshet.Tests;

/// <summary>The examples of docs/library.md, word for word, so that they compile and run as long as they are there.</summary>
public sealed class LibraryExamples : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _lines = [];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_examples_run()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 50_000);
        sample.WriteTo(_folder["data"]);
        File.WriteAllBytes(_folder["holiday.torrent"], sample.Torrent);
        await AddAsync(_folder["holiday.torrent"], _folder["data"], _folder["state"], Print).Bounded();
        Assert.NotEmpty(_lines);
        _lines.Clear();
        await RestoreAsync(_folder["data"], _folder["state"], Print).Bounded();
        Assert.StartsWith("sample: ", Assert.Single(_lines), StringComparison.Ordinal);
        await HostAsync(_folder["data"], _folder["state"]).Bounded();
    }

    [Fact]
    public async Task The_examples_of_events_and_errors_run()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 50_000);
        sample.WriteTo(_folder["data"]);
        Directory.CreateDirectory(Path.Combine(_folder["bad"], sample.Files.Keys.First()));
        CancellationToken token = TestContext.Current.CancellationToken;
        await using Session session = await Session.StartAsync(
            new SessionOptions { DownloadFolder = _folder["data"], StateFolder = null, ListenPort = 0 }, token);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(token);
        Task reading = ReadEventsAsync(session, Print, end.Token);
        Torrent torrent = await session.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: token);
        await torrent.Completion.Bounded();
        await session.RemoveAsync(torrent, cancellationToken: token);
        torrent = await session.AddAsync(
            TorrentSource.Bytes(sample.Torrent), new TorrentOptions { DownloadFolder = _folder["bad"] }, token);
        await ReportFailureAsync(torrent, Print).Bounded();
        Assert.StartsWith("NotAFile: ", _lines[^1], StringComparison.Ordinal);
        await end.CancelAsync();
        await Task.WhenAny(reading);
    }

    [Fact]
    public void The_page_contains_these_examples()
    {
        string source = Repository.Read("tests/Freshet.Tests/LibraryExamples.cs");
        string[] examples = [.. Regex.Matches(Repository.Read("docs/library.md"), "```csharp\n(.*?)\n```", RegexOptions.Singleline)
            .Select(match => match.Groups[1].Value)];
        Assert.Equal(5, examples.Length);
        Assert.All(examples, example => Assert.Contains(
            string.Join('\n', example.Split('\n').Select(line => line.Length == 0 ? "" : "        " + line)),
            source,
            StringComparison.Ordinal));
    }

    private static async Task AddAsync(string path, string folder, string state, Action<string> print)
    {
        SessionOptions options = new() { DownloadFolder = folder, StateFolder = state, ListenPort = 0 };
        await using Session session = await Session.StartAsync(options);
        Torrent torrent = await session.AddAsync(TorrentSource.File(path), new TorrentOptions { Sequential = true });
        while (!torrent.Completion.IsCompleted)
        {
            TorrentStatus now = torrent.Status;
            print($"{now.State}: {now.Progress:P0}, {now.DownloadRate}, {now.Peers} peers. {now.Why}");
            await Task.WhenAny(torrent.Completion, Task.Delay(TimeSpan.FromSeconds(1)));
        }

        await torrent.Completion;
    }

    private static async Task ReadEventsAsync(Session session, Action<string> print, CancellationToken cancellationToken)
    {
        await foreach (SessionEvent happened in session.ReadEventsAsync(cancellationToken))
        {
            if (happened is SessionEvent.StateChanged { State: TorrentState.WaitingForDisk } waiting)
                print($"{waiting.Torrent.Name} waits ({waiting.ReasonCode}): {waiting.Reason}");
            else if (happened is SessionEvent.TorrentCompleted completed)
                print($"{completed.Torrent.Name}: complete after {completed.Took.TotalSeconds:0.0} s");
        }
    }

    private static async Task RestoreAsync(string folder, string state, Action<string> print)
    {
        SessionOptions options = new() { DownloadFolder = folder, StateFolder = state, ListenPort = 0 };
        await using Session session = await Session.StartAsync(options);
        foreach (Torrent torrent in session.Torrents)
            print($"{torrent.Name}: {torrent.Totals.Downloaded} downloaded since {torrent.AddedAt:d}");
        foreach (string trouble in session.RestoreErrors)
            print(trouble);
    }

    private static async Task HostAsync(string folder, string state)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder();
        builder.Services.AddFreshet((_, options) => options with { DownloadFolder = folder, StateFolder = state, ListenPort = 0 });
        using IHost host = builder.Build();
        await host.StartAsync();
        Session session = host.Services.GetRequiredService<SessionHost>().Session;
        Assert.Single(session.Torrents);
        await host.StopAsync();
    }

    private static async Task ReportFailureAsync(Torrent torrent, Action<string> print)
    {
        try
        {
            await torrent.Completion;
        }
        catch (TorrentFailedException e)
        {
            print($"{torrent.Status.ReasonCode}: {e.Message}");
        }
    }

    private void Print(string line)
    {
        lock (_lines)
            _lines.Add(line);
    }
}

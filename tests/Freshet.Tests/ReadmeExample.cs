using System.Net;
using Freshet.Core.Torrents;
using Freshet.Tests.Sessions;
using Freshet.Tracker;

namespace Freshet.Tests;

/// <summary>The library example of README.md, word for word, so that it compiles and runs as long as it is there.</summary>
public sealed class ReadmeExample : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_example_of_the_README_downloads_a_torrent()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using TrackerServer tracker = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)] }, cancellationToken: token);
        SampleData sample = SampleData.Make(16 * 1024, tracker.AnnounceUrl.ToString(), 50_000);
        sample.WriteTo(_folder["original"]);
        File.WriteAllBytes(_folder["holiday.torrent"], sample.Torrent);
        SessionOptions options = new() { DownloadFolder = _folder["original"], StateFolder = null, ListenPort = 0 };
        await using Session seed = await Session.StartAsync(options, token);
        await seed.AddAsync(TorrentSource.Bytes(sample.Torrent), cancellationToken: token);
        await Patience.Until(() => tracker.Statistics.Peers == 1);

        List<string> lines = [];
        await DownloadAsync(_folder["holiday.torrent"], _folder["copy"], lines.Add).Bounded();
        sample.AssertIn(_folder["copy"]);
        Assert.NotEmpty(lines);
    }

    [Fact]
    public void The_README_contains_this_example()
    {
        string readme = Repository.Read("README.md");
        string source = Repository.Read("tests/Freshet.Tests/ReadmeExample.cs");
        int start = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        string[] example = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)].TrimEnd().Split('\n');
        string indented = string.Join('\n', example.Select(line => line.Length == 0 ? "" : "        " + line));
        Assert.Contains(indented, source, StringComparison.Ordinal);
    }

    private static async Task DownloadAsync(string path, string folder, Action<string> print)
    {
        await using Session session = await Session.StartAsync(new SessionOptions
        {
            DownloadFolder = folder,
            StateFolder = null,
            ListenPort = 0,
        });
        Torrent torrent = await session.AddAsync(TorrentSource.File(path), new TorrentOptions { Sequential = true });
        while (!torrent.Completion.IsCompleted)
        {
            TorrentStatus now = torrent.Status;
            print($"{now.Progress:P0} at {now.DownloadRate}: {now.Why}");
            await Task.WhenAny(torrent.Completion, Task.Delay(1000));
        }

        await torrent.Completion;
    }
}

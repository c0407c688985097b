using System.Net;
using Freshet.Api;
using Freshet.Core.Metainfo;
using Freshet.Daemon;
using Freshet.Tracker;

namespace Freshet.Cli.Tests;

/// <summary>The examples in the packages' readmes, word for word, so that they compile and run as long as they are there.</summary>
public class PackageExamples
{
    [Fact]
    public async Task The_torrent_and_tracker_examples_of_the_readmes_work()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("x.torrent", SampleTorrent.Create([("a", 5)]).Torrent);
        List<string> lines = [];
        Read(path, lines.Add);
        await ServeAsync(lines.Add);
        Assert.Equal("sample/a: 5 bytes", lines[1]);
        Assert.StartsWith("Announce to http://127.0.0.1:", lines[2], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("src/Freshet.Core/PACKAGE.md", "tests/Freshet.Cli.Tests/PackageExamples.cs")]
    [InlineData("src/Freshet.Tracker/PACKAGE.md", "tests/Freshet.Cli.Tests/PackageExamples.cs")]
    [InlineData("src/Freshet.Api/PACKAGE.md", "tests/Freshet.Cli.Tests/PackageExamples.cs")]
    [InlineData("src/Freshet/PACKAGE.md", "tests/Freshet.Tests/ReadmeExample.cs")]
    public void Each_readme_contains_the_example_that_is_compiled(string readme, string source)
    {
        string text = Repository.Read(readme);
        int start = text.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        string[] example = text[start..text.IndexOf("```", start, StringComparison.Ordinal)].TrimEnd().Split('\n');
        string indented = string.Join('\n', example.Select(line => line.Length == 0 ? "" : "        " + line));
        Assert.Contains(indented, Repository.Read(source), StringComparison.Ordinal);
    }

    private static void Read(string path, Action<string> print)
    {
        if (!MetainfoReader.TryRead(File.ReadAllBytes(path), out TorrentMetainfo? torrent, out MetainfoError? error))
            throw new InvalidDataException($"{path}: {error}");
        print($"{torrent.Name}: {torrent.Layout.TotalLength} bytes, {MagnetLink.Of(torrent)}");
        foreach (TorrentFile file in torrent.Files)
            print($"{file.Path}: {file.Length} bytes");
    }

    [Fact]
    public async Task The_client_example_of_the_readme_works()
    {
        using TemporaryFolder folder = new();
        await using DaemonServer server = await DaemonServer.StartAsync(
            new DaemonOptions
            {
                Listen = [new IPEndPoint(IPAddress.Loopback, 0)],
                Session = new SessionOptions
                {
                    DownloadFolder = folder["data"],
                    StateFolder = folder["state"],
                    ListenPort = 0,
                    BindAddress = IPAddress.Loopback,
                },
            },
            TestContext.Current.CancellationToken);
        List<string> lines = [];
        await UseAsync(server.Urls[0], server.Token, $"magnet:?xt=urn:btih:{new string('a', 40)}&dn=film", lines.Add).Bounded();
        Assert.Equal("film: snapshot", lines[^1]);
    }

    private static async Task UseAsync(Uri address, string token, string magnet, Action<string> print)
    {
        using DaemonClient daemon = new(address, token);
        TorrentItem torrent = await daemon.AddAsync(new AddTorrent { Source = magnet, Labels = ["film"] });
        await foreach (DaemonEvent happened in daemon.ListenAsync())
        {
            print($"{torrent.Name}: {happened.Type}");
            if (happened.Snapshot is { Complete: true })
                break;
        }
    }

    private static async Task ServeAsync(Action<string> print)
    {
        TrackerOptions options = new() { HttpEndPoints = [new IPEndPoint(IPAddress.Loopback, 0)], Interval = TimeSpan.FromMinutes(10) };
        await using TrackerServer tracker = await TrackerServer.StartAsync(options);
        print($"Announce to {tracker.AnnounceUrl}");
    }
}

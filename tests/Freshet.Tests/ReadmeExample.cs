using Freshet.Core.Torrents;
using Freshet.Tests.Sessions;

namespace Freshet.Tests;

/// <summary>The library example of README.md, word for word, so that it compiles and runs as long as it stands there.</summary>
public sealed class ReadmeExample : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_example_of_the_README_downloads_a_torrent()
    {
        SampleData sample = SampleData.Make(16 * 1024, null, 50_000);
        sample.WriteTo(_folder["data"]);
        File.WriteAllBytes(_folder["holiday.torrent"], sample.Torrent);
        List<string> lines = [];
        await DownloadAsync(_folder["holiday.torrent"], _folder["data"], lines.Add).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        sample.AssertIn(_folder["data"]);
    }

    [Fact]
    public void The_example_of_the_README_is_this_one()
    {
        string readme = File.ReadAllText(Path.Combine(SourceFolder(), "..", "..", "README.md"));
        string source = File.ReadAllText(Path.Combine(SourceFolder(), "ReadmeExample.cs"));
        int start = readme.IndexOf("```csharp\n", StringComparison.Ordinal) + "```csharp\n".Length;
        string[] example = readme[start..readme.IndexOf("```", start, StringComparison.Ordinal)].TrimEnd().Split('\n');
        string indented = string.Join('\n', example.Select(line => line.Length == 0 ? "" : "        " + line));
        Assert.Contains(indented, source, StringComparison.Ordinal);
    }

    private static async Task DownloadAsync(string path, string folder, Action<string> print)
    {
        await using Session session = await Session.StartAsync(new SessionOptions { DownloadFolder = folder, StateFolder = null, ListenPort = 0 });
        Torrent torrent = await session.AddAsync(TorrentSource.File(path), new TorrentOptions { Sequential = true });
        while (!torrent.Completion.IsCompleted)
        {
            TorrentStatus now = torrent.Status;
            print($"{now.Progress:P0} at {now.DownloadRate}: {now.Why}");
            await Task.WhenAny(torrent.Completion, Task.Delay(1000));
        }

        await torrent.Completion;
    }

    private static string SourceFolder([System.Runtime.CompilerServices.CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}

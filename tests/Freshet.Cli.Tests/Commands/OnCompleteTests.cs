using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests.Commands;

/// <summary><c>download --on-complete</c>: the user's program, and what strangers can do with a name.</summary>
public sealed class OnCompleteTests : IDisposable
{
    private const string Name = "it's \"$(touch pwned)\"; `touch pwned` & -rf";

    private readonly TemporaryFolder _folder = new();

    public OnCompleteTests() => Requires.That(!OperatingSystem.IsWindows(), "The programs of these tests are shell scripts.");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_gets_path_name_and_hash_as_arguments_once_for_each_torrent()
    {
        string program = Script("""printf '<%s>\n' "$@" >> "$0.out"; echo seen""");
        (string torrent, string hash) = Sample();
        CliRun run = await DownloadAsync(torrent, program);
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        string[] expected = [$"<{_folder["out/" + Name]}>", $"<{Name}>", $"<{hash}>"];
        Assert.Equal(expected, await File.ReadAllLinesAsync(program + ".out", TestContext.Current.CancellationToken));
        Assert.Contains("seen", run.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await DownloadAsync(torrent, program)).ExitCode);
        Assert.Equal(expected, await File.ReadAllLinesAsync(program + ".out", TestContext.Current.CancellationToken));
        Assert.Empty(Directory.GetFiles(_folder.Path, "pwned", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_program_that_fails_or_does_not_exist_is_a_warning()
    {
        (string torrent, _) = Sample();
        CliRun failed = await DownloadAsync(torrent, Script("exit 3"));
        Assert.Equal(0, failed.ExitCode);
        Assert.Contains("warning: ", failed.Error, StringComparison.Ordinal);
        Assert.Contains("program ended with exit code 3.", failed.Error, StringComparison.Ordinal);
        CliRun missing = await DownloadAsync(torrent, _folder["nothing"], "another state");
        Assert.Equal(0, missing.ExitCode);
        Assert.Contains("nothing cannot be run: ", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_was_interrupted_is_run_again()
    {
        string program = Script("""echo run >> "$0.out"; exec sleep 1000""");
        (string torrent, _) = Sample();
        for (int run = 1; run <= 2; run++)
        {
            await using RunningCommand download = new(Arguments(torrent, program));
            await Patience.Until(() => File.Exists(program + ".out") && File.ReadAllLines(program + ".out").Length == run);
            await download.StopAsync();
        }
    }

    private static string[] Shared => ["--port", "0", "--bind", "127.0.0.1", "--no-dht", "--no-lsd"];

    private string[] Arguments(string torrent, string program, string state = "state") =>
        ["download", torrent, "-o", _folder["out"], "--state", _folder[state], "--on-complete", program, .. Shared];

    private Task<CliRun> DownloadAsync(string torrent, string program, string state = "state") =>
        CliRun.Of(Arguments(torrent, program, state));

    // Everything is already there.
    private (string Torrent, string Hash) Sample()
    {
        (byte[] torrent, Dictionary<string, byte[]> files) =
            SampleTorrent.Create([("a", 70_000), ("b", 5)], builder => builder with { Name = Name });
        foreach ((string file, byte[] bytes) in files)
            _folder.Write($"out/{Name}/{file["sample/".Length..]}", bytes);
        Assert.True(MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out _));
        return (_folder.Write("x.torrent", torrent), metainfo.SwarmHash.ToString());
    }

    private string Script(string body)
    {
        string path = _folder.Write("program", System.Text.Encoding.UTF8.GetBytes("#!/bin/sh\n" + body + "\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}

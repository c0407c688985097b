using System.Text.Json;
using Freshet.Core.Metainfo;

namespace Freshet.Cli.Tests.Commands;

/// <summary>Magnet links and info-hashes on the command line.</summary>
public class MagnetTests
{
    private const string Hex = "0123456789abcdef0123456789abcdef01234567";
    private static readonly (string Path, int Length)[] Files = [("a", 300_000), ("sub/b", 70_000), ("c", 5)];

    [Fact]
    public async Task Info_shows_what_a_link_says()
    {
        string link = $"magnet:?xt=urn:btih:{Hex}&dn=some+name&tr=http%3A%2F%2Ft.example%2Fannounce"
            + "&ws=http%3A%2F%2Fw.example%2F&x.pe=10.0.0.1:7000&so=0,2-4";
        CliRun run = await CliRun.Of("info", link);
        Assert.Equal(0, run.ExitCode);
        foreach (string said in (string[])["some name", Hex, "http://t.example/announce", "http://w.example/", "10.0.0.1:7000", "0, 2-4"])
            Assert.Contains(said, run.Out, StringComparison.Ordinal);
        Assert.Contains("--fetch", run.Out, StringComparison.Ordinal);

        JsonElement json = JsonDocument.Parse((await CliRun.Of("info", link, "--json")).Out).RootElement;
        Assert.Equal(Hex, json.GetProperty("infoHash").GetString());
        Assert.Equal("some name", json.GetProperty("name").GetString());
        Assert.Equal("http://t.example/announce", json.GetProperty("trackers")[0][0].GetString());
        Assert.Equal("10.0.0.1:7000", json.GetProperty("peers")[0].GetString());
        Assert.Equal("[[0,0],[2,4]]", json.GetProperty("selectedFiles").GetRawText());
    }

    [Theory]
    [InlineData(Hex, "infoHash", Hex)]
    [InlineData("urn:btih:" + Hex, "infoHash", Hex)]
    [InlineData("AERUKZ4JVPG66AJDIVTYTK6N54ASGRLH", "infoHash", Hex)]
    [InlineData("aerukz4jvpg66ajdivtytk6n54asgrlh", "infoHash", Hex)]
    [InlineData(Hex + "0123456789abcdef01234567", "infoHashV2", Hex + "0123456789abcdef01234567")]
    [InlineData("1220" + Hex + "0123456789abcdef01234567", "infoHashV2", Hex + "0123456789abcdef01234567")]
    [InlineData("urn:btmh:1220" + Hex + "0123456789abcdef01234567", "infoHashV2", Hex + "0123456789abcdef01234567")]
    public async Task An_info_hash_alone_stands_for_its_link(string text, string member, string hash)
    {
        JsonElement json = JsonDocument.Parse((await CliRun.Of("info", text, "--json")).Out).RootElement;
        Assert.Equal(hash, json.GetProperty(member).GetString());
    }

    [Fact]
    public async Task A_file_that_is_named_like_an_info_hash_is_a_file()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, _) = SampleTorrent.Create(Files);
        string path = folder.Write(Hex, torrent);
        string before = Environment.CurrentDirectory;
        CliRun run = await CliRun.Of("info", path);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("sub", run.Out, StringComparison.Ordinal);
        Assert.Equal(before, Environment.CurrentDirectory);
    }

    [Theory]
    [InlineData("magnet:?dn=x", "xt=urn:btih:… is missing")]
    [InlineData("magnet:?xt=urn:btih:123", "40 hexadecimal or 32 base-32 digits")]
    [InlineData("urn:btih:xyz", "40 hexadecimal or 32 base-32 digits")]
    public async Task A_link_that_cannot_be_used_says_why(string link, string reason)
    {
        foreach (string command in (string[])["info", "download"])
        {
            CliRun run = await CliRun.Of(command, link);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_wanted_files_of_a_link_are_downloaded_from_a_peer()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        await using RunningCommand seed = await SeedAsync(folder, torrent, files);
        string endPoint = await EndPointOfAsync(seed);

        CliRun download = await CliRun.Of(
            "download", LinkOf(torrent), "-o", folder["out"], "--peer", endPoint, "--port", "0", "--bind", "127.0.0.1",
            "--state", folder["state"], "--files", "b", "--json");
        Assert.True(download.ExitCode == 0, download.Out + download.Error);
        JsonElement added = Assert.Single(download.JsonLines, line => RunningCommand.Is(line, "added"));
        Assert.Equal(JsonValueKind.Null, added.GetProperty("size").ValueKind);
        JsonElement metadata = Assert.Single(download.JsonLines, line => RunningCommand.Is(line, "metadata"));
        Assert.Equal("sample", metadata.GetProperty("name").GetString());
        Assert.Equal(3, metadata.GetProperty("fileCount").GetInt32());
        string wanted = files.Keys.Single(path => path.EndsWith("/b", StringComparison.Ordinal));
        Assert.Equal(files[wanted], File.ReadAllBytes(folder["out/" + wanted]));

        // The part of the first file that lies in a piece with the second is not stored under the name of that file.
        Assert.False(File.Exists(folder["out/sample/a"]));

        // It comes from the state folder, with nobody to ask.
        await seed.StopAsync();
        CliRun again = await CliRun.Of(
            "download", LinkOf(torrent), "-o", folder["out"], "--port", "0", "--bind", "127.0.0.1",
            "--state", folder["state"], "--files", "b");
        Assert.True(again.ExitCode == 0, again.Out + again.Error);
        Assert.Contains("nothing to download", again.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patterns_that_match_none_of_a_links_files_are_an_error()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        await using RunningCommand seed = await SeedAsync(folder, torrent, files);
        CliRun download = await CliRun.Of(
            "download", LinkOf(torrent), "-o", folder["out"], "--peer", await EndPointOfAsync(seed), "--port", "0",
            "--bind", "127.0.0.1", "--no-resume", "--files", "nothing like that");
        Assert.Equal(1, download.ExitCode);
        Assert.Contains("No file of sample matches", download.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder["out"]));
    }

    [Fact]
    public async Task A_link_is_seeded_if_its_data_is_there()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        await using RunningCommand seed = await SeedAsync(folder, torrent, files);
        string endPoint = await EndPointOfAsync(seed);
        foreach ((string file, byte[] bytes) in files)
            folder.Write("copy/" + file, bytes);
        await using RunningCommand second = new(
            "seed", LinkOf(torrent), "-o", folder["copy"], "--peer", endPoint, "--port", "0", "--bind", "127.0.0.1",
            "--state", folder["state"], "--json");
        await second.WaitForEventAsync("seeding");
        Assert.Equal(0, (await second.StopAsync()).ExitCode);
    }

    [Fact]
    public async Task Info_fetches_and_saves_the_torrent_of_a_link()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        await using RunningCommand seed = await SeedAsync(folder, torrent, files);
        string tracker = "&tr=http%3A%2F%2F127.0.0.1%3A1%2Fannounce";
        CliRun run = await CliRun.Of(
            "info", LinkOf(torrent) + tracker, "--save", folder["saved.torrent"], "--peer", await EndPointOfAsync(seed),
            "--port", "0", "--bind", "127.0.0.1");
        Assert.True(run.ExitCode == 0, run.Out + run.Error);
        Assert.Contains("sub", run.Out, StringComparison.Ordinal);
        Assert.True(MetainfoReader.TryRead(File.ReadAllBytes(folder["saved.torrent"]), out TorrentMetainfo? saved, out _));
        Assert.True(MetainfoReader.TryRead(torrent, out TorrentMetainfo? original, out _));
        Assert.Equal(original.InfoHash, saved.InfoHash);
        Assert.Equal("http://127.0.0.1:1/announce", saved.Trackers[0][0]);
    }

    [Fact]
    public async Task A_link_that_nobody_knows_is_given_up_in_time_with_the_reason()
    {
        CliRun run = await CliRun.Of("info", Hex, "--fetch", "--timeout", "1", "--port", "0", "--bind", "127.0.0.1");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("No peer has given the torrent's metadata", run.Error, StringComparison.Ordinal);
        Assert.Contains("--peer", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interruption_while_the_metadata_is_fetched_is_orderly_and_the_next_run_continues()
    {
        using TemporaryFolder folder = new();
        string[] args = ["download", Hex, "-o", folder["out"], "--port", "0", "--bind", "127.0.0.1", "--state", folder["state"]];
        await using RunningCommand first = new([.. args, "--json"]);
        await first.WaitForAsync(command => command.Events
            .Where(line => RunningCommand.Is(line, "progress") && line.GetProperty("state").GetString() == "fetching-metadata")
            .Select(line => line.GetRawText())
            .FirstOrDefault());
        CliRun stopped = await first.StopAsync();
        Assert.Equal(130, stopped.ExitCode);
        Assert.True(File.Exists(folder[$"state/{Hex}.magnet"]));

        await using RunningCommand second = new(args);
        await second.WaitForAsync(command => command.Out.Contains("metadata is fetched from peers", StringComparison.Ordinal) ? "" : null);
        CliRun ended = await second.StopAsync();
        Assert.Contains("interrupted before the metadata came", ended.Out, StringComparison.Ordinal);
    }

    private static string LinkOf(byte[] torrent)
    {
        Assert.True(MetainfoReader.TryRead(torrent, out TorrentMetainfo? metainfo, out _));
        return new MagnetLink { InfoHash = metainfo.InfoHash }.ToString();
    }

    private static async Task<RunningCommand> SeedAsync(TemporaryFolder folder, byte[] torrent, Dictionary<string, byte[]> files)
    {
        foreach ((string file, byte[] bytes) in files)
            folder.Write("seed/" + file, bytes);
        RunningCommand seed = new(
            "seed", folder.Write("x.torrent", torrent), "-o", folder["seed"], "--port", "0", "--bind", "127.0.0.1", "--no-resume",
            "--json");
        await seed.WaitForEventAsync("seeding");
        return seed;
    }

    private static async Task<string> EndPointOfAsync(RunningCommand seed) =>
        (await seed.WaitForEventAsync("listening"))[0].GetProperty("endpoint").GetString()!;
}

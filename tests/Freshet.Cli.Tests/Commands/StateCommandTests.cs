using System.Text.Json;

namespace Freshet.Cli.Tests.Commands;

/// <summary><c>list</c> and <c>forget</c>: what a state folder remembers.</summary>
public sealed class StateCommandTests : IDisposable
{
    private const int Length = 4 * SampleTorrent.PieceLength;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string State => _folder["state"];

    [Fact]
    public async Task A_seeded_torrent_is_listed_and_can_be_forgotten_without_its_files()
    {
        string hash = await SeedOnceAsync();
        CliRun list = await CliRun.Of("list", "--state", State, "--json");
        Assert.Equal(0, list.ExitCode);
        JsonElement torrent = Assert.Single(list.JsonLines);
        Assert.Equal(hash, torrent.GetProperty("hash").GetString());
        Assert.Equal("sample", torrent.GetProperty("name").GetString());
        Assert.Equal(Length, torrent.GetProperty("size").GetInt64());
        Assert.Equal(_folder["data"], torrent.GetProperty("folder").GetString());
        Assert.Equal((4, 4), (torrent.GetProperty("pieces").GetInt32(), torrent.GetProperty("piecesHave").GetInt32()));

        string text = (await CliRun.Of("list", "--state", State)).Out;
        Assert.StartsWith($"{hash}  100.0%      64 KiB  sample\n    in {_folder["data"]}; ", text, StringComparison.Ordinal);

        CliRun forgotten = await CliRun.Of("forget", hash[..8], "--state", State);
        Assert.Equal((0, "sample is forgotten; its files stay.\n"), (forgotten.ExitCode, forgotten.Out));
        Assert.True(File.Exists(_folder["data/sample/a"]));
        Assert.Equal($"0 torrents in the state folder {State}.\n", (await CliRun.Of("list", "--state", State)).Out);
    }

    [Fact]
    public async Task Files_are_moved_and_checked_and_the_state_folder_follows()
    {
        string hash = await SeedOnceAsync();
        CliRun moved = await CliRun.Of("move", hash[..8], _folder["moved"], "--state", State);
        Assert.Equal((0, $"sample is in {_folder["moved"]}.\n"), (moved.ExitCode, moved.Out));
        Assert.False(Directory.Exists(_folder["data/sample"]));
        string file = _folder["moved/sample/a"];
        CliRun list = await CliRun.Of("list", "--state", State, "--json");
        Assert.Equal(_folder["moved"], Assert.Single(list.JsonLines).GetProperty("folder").GetString());

        byte[] content = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        content[^1] ^= 1;
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        CliRun check = await CliRun.Of("recheck", hash[..8], "--state", State);
        Assert.Equal((0, "sample: 3 of 4 pieces verified.\n"), (check.ExitCode, check.Out));
        Directory.CreateDirectory(_folder["data/sample"]);
        await File.WriteAllTextAsync(_folder["data/sample/a"], "somebody's", TestContext.Current.CancellationToken);
        CliRun refused = await CliRun.Of("move", hash[..8], _folder["data"], "--state", State);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains(_folder["data/sample/a"], refused.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(file));
    }

    [Fact]
    public async Task A_torrent_that_is_running_is_not_moved()
    {
        await using RunningCommand seed = Seed();
        await seed.WaitForEventAsync("seeding");
        string hash = (await seed.WaitForEventAsync("added"))[0].GetProperty("infoHash").GetString()!;
        CliRun refused = await CliRun.Of("move", hash, _folder["moved"], "--state", State);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("stop that first", refused.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["data/sample/a"]));
        Assert.False(Directory.Exists(_folder["moved"]));
    }

    [Fact]
    public async Task A_torrent_that_is_running_is_not_forgotten()
    {
        await using RunningCommand seed = Seed();
        await seed.WaitForEventAsync("seeding");
        string hash = (await seed.WaitForEventAsync("added"))[0].GetProperty("infoHash").GetString()!;
        CliRun refused = await CliRun.Of("forget", hash, "--state", State);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("Another process", refused.Error, StringComparison.Ordinal);
        Assert.Single((await CliRun.Of("list", "--state", State, "--json")).JsonLines);
    }

    [Theory]
    [InlineData("0123456789")]
    [InlineData("0")]
    [InlineData("sample")]
    public async Task A_torrent_that_is_not_remembered_cannot_be_forgotten_and_then_none_is(string name)
    {
        string hash = await SeedOnceAsync();
        CliRun run = await CliRun.Of("forget", hash, name, "--state", State);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"remembers no torrent {name}", run.Error, StringComparison.Ordinal);
        Assert.Single((await CliRun.Of("list", "--state", State, "--json")).JsonLines);
    }

    [Fact]
    public async Task A_state_folder_that_does_not_exist_remembers_nothing_and_is_not_created()
    {
        CliRun run = await CliRun.Of("list", "--state", State);
        Assert.Equal((0, $"0 torrents in the state folder {State}.\n"), (run.ExitCode, run.Out));
        Assert.False(Directory.Exists(State));
    }

    [Fact]
    public async Task A_torrent_whose_files_are_damaged_is_listed_with_a_warning()
    {
        string hash = await SeedOnceAsync();
        File.WriteAllText(Path.Combine(State, hash + ".torrent"), "garbage");
        JsonElement torrent = Assert.Single((await CliRun.Of("list", "--state", State, "--json")).JsonLines);
        Assert.Equal(JsonValueKind.Null, torrent.GetProperty("name").ValueKind);
        Assert.Contains("cannot be used", torrent.GetProperty("warning").GetString(), StringComparison.Ordinal);
        Assert.Equal(0, (await CliRun.Of("forget", hash, "--state", State)).ExitCode);
    }

    [Fact]
    public async Task A_damaged_record_stays_where_it_is_and_is_reported_each_time()
    {
        string hash = await SeedOnceAsync();
        File.WriteAllText(Path.Combine(State, hash + ".resume"), "garbage");
        File.Delete(Path.Combine(State, hash + ".resume.previous"));
        for (int i = 0; i < 2; i++)
        {
            JsonElement torrent = Assert.Single((await CliRun.Of("list", "--state", State, "--json")).JsonLines);
            Assert.Contains(hash + ".resume cannot be used", torrent.GetProperty("warning").GetString(), StringComparison.Ordinal);
        }
    }

    private async Task<string> SeedOnceAsync()
    {
        await using RunningCommand seed = Seed();
        await seed.WaitForEventAsync("seeding");
        CliRun run = await seed.StopAsync();
        return run.JsonLines.First(line => RunningCommand.Is(line, "added")).GetProperty("infoHash").GetString()!;
    }

    private RunningCommand Seed()
    {
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create([("a", Length)]);
        foreach ((string file, byte[] bytes) in files)
            _folder.Write("data/" + file, bytes);
        string path = _folder.Write("x.torrent", torrent);
        return new("seed", path, "-o", _folder["data"], "--port", "0", "--bind", "127.0.0.1", "--state", State, "--json");
    }
}

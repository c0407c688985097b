using System.Text.Json;

namespace Freshet.Cli.Tests.Commands;

public class VerifyCommandTests
{
    // Three pieces: 0 and a part of 1 are in a, the rest of 1 and 2 in b.
    private static readonly (string Path, int Length)[] Files = [("a", 20_000), ("b", 20_000), ("empty", 0)];

    [Fact]
    public async Task Whole_data_is_good()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        SampleTorrent.WriteFiles(folder, files);
        CliRun run = await CliRun.Of("verify", folder.Write("x.torrent", torrent), folder.Path, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("complete").GetBoolean());
        Assert.Equal("[]", run.Json.GetProperty("badPieces").GetRawText());
    }

    [Fact]
    public async Task A_wrong_byte_is_found_in_its_piece_and_file()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        files["sample/b"][19_999] ^= 1;
        SampleTorrent.WriteFiles(folder, files);
        CliRun run = await CliRun.Of("verify", folder.Write("x.torrent", torrent), folder.Path, "--json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("[[2,2]]", run.Json.GetProperty("badPieces").GetRawText());
        JsonElement[] states = [.. run.Json.GetProperty("files").EnumerateArray()];
        Assert.Equal(["good", "bad", "good"], states.Select(file => file.GetProperty("state").GetString()));
        Assert.Equal((2 * 16_384) - 20_000, states[1].GetProperty("goodBytes").GetInt64());
    }

    [Fact]
    public async Task Missing_files_are_said_to_be_missing()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        files.Remove("sample/a");
        files.Remove("sample/empty");
        SampleTorrent.WriteFiles(folder, files);
        CliRun run = await CliRun.Of("verify", folder.Write("x.torrent", torrent), folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("missing  sample/a\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("missing  sample/empty\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("Bad pieces: 0-1\n", run.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["sample/a"]));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_an_error_with_words()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        CliRun run = await CliRun.Of("verify", torrent, folder["gone"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("There is no folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_names_the_torrents_own_folder_is_told_which_one_is_meant()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        SampleTorrent.WriteFiles(folder, files);
        CliRun run = await CliRun.Of("verify", folder.Write("x.torrent", torrent), folder["sample"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"seems to lie in {folder.Path}: name that folder", run.Error, StringComparison.Ordinal);
        run = await CliRun.Of("verify", folder["x.torrent"], folder["sample/a"]);
        Assert.Contains("is a file.", run.Error, StringComparison.Ordinal);
    }
}

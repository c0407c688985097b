using System.Text.Json;

namespace Freshet.Cli.Tests.Commands;

public class VerifyCommandTests
{
    // Three pieces: 0 and part of 1 are in a; the rest of 1 and all of 2 are in b.
    private static readonly (string Path, int Length)[] Files = [("a", 20_000), ("b", 20_000), ("empty", 0)];

    [Fact]
    public async Task Complete_data_is_verified()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        SampleTorrent.WriteFiles(folder, files);
        CliRun run = await CliRun.Of("verify", folder.Write("x.torrent", torrent), folder.Path, "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.True(run.Json.GetProperty("complete").GetBoolean());
        Assert.Equal("[]", run.Json.GetProperty("missingPieces").GetRawText());
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
        Assert.Equal("[[2,2]]", run.Json.GetProperty("missingPieces").GetRawText());
        JsonElement[] states = [.. run.Json.GetProperty("files").EnumerateArray()];
        Assert.Equal(["complete", "incomplete", "complete"], states.Select(file => file.GetProperty("state").GetString()));
        Assert.Equal((2 * 16_384) - 20_000, states[1].GetProperty("verifiedBytes").GetInt64());
    }

    [Fact]
    public async Task Missing_files_are_reported_as_missing()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        files.Remove("sample/a");
        files.Remove("sample/empty");
        SampleTorrent.WriteFiles(folder, files);
        CliRun run = await CliRun.Of("verify", folder.Write("x.torrent", torrent), folder.Path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("missing     sample/a\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("missing     sample/empty\n", run.Out, StringComparison.Ordinal);
        Assert.Contains("Missing pieces: 0-1\n", run.Out, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["sample/a"]));
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_an_error_with_words()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create(Files).Torrent);
        CliRun run = await CliRun.Of("verify", torrent, folder["gone"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("There is no folder", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task If_the_torrents_own_folder_is_named_the_error_says_which_folder_to_name()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        SampleTorrent.WriteFiles(folder, files);
        CliRun run = await CliRun.Of("verify", folder.Write("x.torrent", torrent), folder["sample"]);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"seems to be in {folder.Path}: name that folder", run.Error, StringComparison.Ordinal);
        run = await CliRun.Of("verify", folder["x.torrent"], folder["sample/a"]);
        Assert.Contains("is a file.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Complete_files_are_counted_and_listed_only_if_asked_for()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        SampleTorrent.WriteFiles(folder, files);
        string path = folder.Write("x.torrent", torrent);
        Assert.Equal("sample: 3 of 3 pieces verified, 3 of 3 files complete.\n", (await CliRun.Of("verify", path, "-o", folder.Path)).Out);
        CliRun verbose = await CliRun.Of("verify", path, "-o", folder.Path, "-v");
        Assert.StartsWith("complete    sample/a\ncomplete    sample/b\n", verbose.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Quiet_prints_nothing_but_the_failure()
    {
        using TemporaryFolder folder = new();
        (byte[] torrent, Dictionary<string, byte[]> files) = SampleTorrent.Create(Files);
        SampleTorrent.WriteFiles(folder, files);
        string path = folder.Write("x.torrent", torrent);
        Assert.Equal(new CliRun(0, "", ""), await CliRun.Of("verify", path, "-o", folder.Path, "-q"));
        File.Delete(folder["sample/b"]);
        CliRun run = await CliRun.Of("verify", path, "-o", folder.Path, "-q");
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("is incomplete.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_first_of_many_incomplete_files_are_listed()
    {
        using TemporaryFolder folder = new();
        string torrent = folder.Write("x.torrent", SampleTorrent.Create([.. Enumerable.Range(0, 50).Select(i => ($"{i:00}", 10))]).Torrent);
        CliRun run = await CliRun.Of("verify", torrent, "-o", folder.Path);
        Assert.Equal(20, run.Out.Split('\n').Count(line => line.StartsWith("missing ", StringComparison.Ordinal)));
        Assert.Contains("and 30 more files; -v shows them all\n", run.Out, StringComparison.Ordinal);
        CliRun verbose = await CliRun.Of("verify", torrent, "-o", folder.Path, "-v");
        Assert.Equal(50, verbose.Out.Split('\n').Count(line => line.StartsWith("missing ", StringComparison.Ordinal)));
    }
}

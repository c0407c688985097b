namespace Freshet.Cli.Tests.Parsing;

public class UnknownOptionTests
{
    [Theory]
    [InlineData("--fils", "--files", "download", "x.torrent", "--fils", "x")]
    [InlineData("--fils", "--files", "download", "--fils", "x", "x.torrent")]
    [InlineData("--fils=x", "--files", "download", "x.torrent", "--fils=x")]
    [InlineData("--bnd", "--bind", "seed", "x.torrent", "--bnd", "127.0.0.1")]
    [InlineData("--jsn", "--json", "info", "--jsn", "x.torrent")]
    public async Task A_mistyped_option_is_an_error_with_a_suggestion(string typed, string meant, params string[] args)
    {
        CliRun run = await CliRun.Of(args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"has no option '{typed}'.\n", run.Error, StringComparison.Ordinal);
        Assert.Contains($"Did you mean '{meant}'?", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("download", "./--fils")]
    [InlineData("download", "--", "--fils")]
    [InlineData("create", "x", "--comment", "-dashed-")]
    public async Task A_file_whose_name_starts_with_a_dash_can_still_be_named(params string[] args)
    {
        CliRun run = await CliRun.Of(args);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("There is no file", run.Error, StringComparison.Ordinal);
    }
}

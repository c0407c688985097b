using System.Text;

namespace Freshet.Cli.Tests.Commands;

public class DecodeCommandTests
{
    private static CapturedStreams Input(string text) => new(Encoding.Latin1.GetBytes(text));

    [Fact]
    public async Task Values_of_every_kind_become_json()
    {
        CliRun run = await CliRun.Of(Input("d4:listli1ei-2e0:e4:name4:d\u00C3\u00A9je"), "decode", "-");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(-2, run.Json.GetProperty("list")[1].GetInt64());
        Assert.Equal("", run.Json.GetProperty("list")[2].GetString());
        Assert.Equal("déj", run.Json.GetProperty("name").GetString());
    }

    [Fact]
    public async Task Byte_strings_that_are_not_utf8_become_hex()
    {
        CliRun run = await CliRun.Of(Input("d2:\u00FF\u00FE3:\u0000\u0080ze"), "decode", "-");
        Assert.Equal("00807a", run.Json.GetProperty("fffe").GetString());
    }

    [Theory]
    [InlineData("d3:key", "byte 6")]
    [InlineData("i12", "ends too early")]
    [InlineData("i1ei2e", "byte 3")]
    [InlineData("", "ends too early")]
    public async Task Malformed_data_prints_only_the_reason(string data, string reason)
    {
        CliRun run = await CliRun.Of(Input(data), "decode", "-");
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_million_open_lists_are_an_error()
    {
        CliRun run = await CliRun.Of(Input(new string('l', 1_000_000)), "decode", "-");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("100 deep", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unsorted_keys_are_shown_with_a_note()
    {
        CliRun run = await CliRun.Of(Input("d1:b0:1:a0:e"), "decode", "-");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("out of order", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_does_not_exist_is_named()
    {
        CliRun run = await CliRun.Of("decode", "/nowhere/at/all");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/nowhere/at/all", run.Error, StringComparison.Ordinal);
    }
}

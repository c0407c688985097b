using Freshet.Cli.Output;
using Freshet.Core.Torrents;

namespace Freshet.Cli.Tests.Output;

/// <summary>A new state or reason of the engine must not be missing here, nor a code in the documentation.</summary>
public class CodesTests
{
    private static string Docs => File.ReadAllText(Path.Combine(Repository.Root, "docs", "cli.md"));

    public static TheoryData<TorrentState> States => [.. Enum.GetValues<TorrentState>()];

    public static TheoryData<TorrentReason> Reasons => [.. Enum.GetValues<TorrentReason>().Where(reason => reason != TorrentReason.None)];

    [Theory]
    [MemberData(nameof(States))]
    public void Each_state_has_a_code_that_is_documented(TorrentState state) =>
        Assert.Contains($"| `{Codes.Of(state)}` | state |", Docs, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Reasons))]
    public void Each_reason_has_a_code_that_is_documented(TorrentReason reason) =>
        Assert.Contains($"| `{Codes.Of(reason)}` | reason |", Docs, StringComparison.Ordinal);

    [Fact]
    public void No_two_codes_are_the_same()
    {
        string?[] codes = [.. Enum.GetValues<TorrentReason>().Select(Codes.Of)];
        Assert.Equal(codes.Length, codes.Distinct().Count());
    }
}

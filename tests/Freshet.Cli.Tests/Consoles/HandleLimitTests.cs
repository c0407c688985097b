using Freshet.Cli.Consoles;

namespace Freshet.Cli.Tests.Consoles;

public class HandleLimitTests
{
    [Fact]
    public void A_limit_that_the_runtime_would_fail_at_is_reported_in_words()
    {
        string trouble = HandleLimit.FindTrouble(Limits("64"))!;
        Assert.StartsWith("The system allows this process 64 open files", trouble, StringComparison.Ordinal);
        Assert.Contains("ulimit -n 1024", trouble, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("128")]
    [InlineData("1048576")]
    [InlineData("unlimited")]
    public void A_sufficient_limit_is_not_reported(string limit) => Assert.Null(HandleLimit.FindTrouble(Limits(limit)));

    [Fact]
    public void A_system_without_a_limit_is_not_reported() =>
        Assert.Null(HandleLimit.FindTrouble(["Limit  Soft Limit  Hard Limit  Units"]));

    private static string[] Limits(string files) =>
    [
        "Limit                     Soft Limit           Hard Limit           Units     ",
        "Max processes             30                   30                   processes ",
        $"Max open files            {files,-20} 4096                 files     ",
    ];
}

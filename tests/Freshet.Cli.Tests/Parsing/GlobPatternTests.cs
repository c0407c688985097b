using Freshet.Cli.Parsing;

namespace Freshet.Cli.Tests.Parsing;

public class GlobPatternTests
{
    [Theory]
    [InlineData("*.mkv", "a.mkv")]
    [InlineData("*.mkv", "deep/in/a.MKV")]
    [InlineData("a?c", "abc")]
    [InlineData("sub/*", "sub/x")]
    [InlineData("**/x", "x")]
    [InlineData("**/x", "a/b/x")]
    [InlineData("a/**", "a/b/c")]
    [InlineData("a/**/z", "a/z")]
    [InlineData("a/**/z", "a/b/c/z")]
    [InlineData("**", "any/thing")]
    [InlineData("**/**/x", "x")]
    [InlineData("a/**/b/**/c", "a/x/b/y/b/c")]
    [InlineData("a**/c", "ab/x/c")]
    [InlineData("**/*.mkv", "a/b.mkv")]
    [InlineData("*a*b*", "xxaxxbxx")]
    [InlineData("*/b/*c", "a/b/cc")]
    public void Matches(string pattern, string path) => Assert.True(new GlobPattern(pattern).IsMatch(path));

    [Theory]
    [InlineData("*.mkv", "a.mkvx")]
    [InlineData("sub/*", "sub/x/y")]
    [InlineData("sub/*", "other/x")]
    [InlineData("a?c", "ac")]
    [InlineData("a/?", "a/")]
    [InlineData("a/**/z", "b/z")]
    [InlineData("", "a")]
    [InlineData("**/x", "ax")]
    [InlineData("**/x", "a/bx")]
    [InlineData("a/**/z", "a/yz")]
    [InlineData("a/**/z", "a/b/yz")]
    public void Does_not_match(string pattern, string path) => Assert.False(new GlobPattern(pattern).IsMatch(path));

    [Fact]
    public void Many_stars_do_not_take_for_ever()
    {
        string pattern = string.Concat(Enumerable.Repeat("*a", 50)) + "b";
        Assert.False(new GlobPattern(pattern).IsMatch(new string('a', 5_000)));
    }
}

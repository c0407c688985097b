using System.Text.RegularExpressions;

namespace Freshet.Cli.Tests;

public class DocumentationTests
{
    public static TheoryData<string> Commands =>
        [
            "download", "seed", "list", "forget", "move", "recheck", "create", "info", "verify", "decode", "peers", "scrape", "handshake",
            "piece", "tracker", "dht",
            "demo",
            "completion",
        ];

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Each_option_of_a_command_is_documented_with_the_command(string command)
    {
        string docs = Repository.Read("docs/cli.md");
        string section = Regex.Match(docs, $@"^## {command}\n(.*?)(?=^## |\z)", RegexOptions.Multiline | RegexOptions.Singleline).Value;
        string help = (await CliRun.Of(command, "--help")).Out;
        string[] options = [.. Regex.Matches(help, "^  (-., )*(?<name>--[a-z-]+)", RegexOptions.Multiline)
            .Select(match => match.Groups["name"].Value)
            .Where(name => name != "--help")];
        Assert.All(options, option => Assert.Matches($@"(?<![\w-]){option}(?![\w-])", section));
    }
}

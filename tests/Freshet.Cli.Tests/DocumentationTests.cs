using System.Text.RegularExpressions;

namespace Freshet.Cli.Tests;

public class DocumentationTests
{
    // The options of the daemon have a page of their own; stream takes those of download and seed.
    private static readonly string[] DocumentedElsewhere = ["daemon", "stream"];
    private static readonly string[] WithoutOptions = ["completion", "decode"];

    [Fact]
    public async Task Each_command_has_a_section_in_which_each_of_its_options_is_documented()
    {
        string docs = Repository.Read("docs/cli.md");
        string[] commands = CommandsIn(await HelpAsync());
        Assert.Contains("download", commands);
        foreach (string command in commands)
        {
            string section = Regex.Match(
                docs,
                $@"^## ([a-z, ]+, )?{command}(, [a-z, ]+)?\n(.*?)(?=^## |\z)",
                RegexOptions.Multiline | RegexOptions.Singleline).Value;
            Assert.True(section.Length > 0, $"docs/cli.md has no section for {command}.");
            string[] options = await OptionsAsync(command);
            Assert.Equal(WithoutOptions.Contains(command), options.Length == 0);
            if (!DocumentedElsewhere.Contains(command))
                Assert.All(options, option => Assert.Matches($@"(?<![\w-]){option}(?![\w-])", section));
        }
    }

    private static async Task<string> HelpAsync(params string[] command) => (await CliRun.Of([.. command, "--help"])).Out;

    private static string[] CommandsIn(string help)
    {
        int list = help.IndexOf("\nCommands:\n", StringComparison.Ordinal);
        return list < 0
            ? []
            : [.. Regex.Matches(help[list..], "^  ([a-z-]+) ", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];
    }

    // Those of a command and of the commands within it, such as those of dht.
    private static async Task<string[]> OptionsAsync(string command)
    {
        string help = await HelpAsync(command);
        foreach (string inner in CommandsIn(help))
            help += await HelpAsync(command, inner);
        return [.. Regex.Matches(help, "^  (-., )*(?<name>--[a-z-]+)", RegexOptions.Multiline)
            .Select(match => match.Groups["name"].Value)
            .Where(name => name != "--help")];
    }
}

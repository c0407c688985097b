using System.CommandLine;
using Freshet.Cli.Commands;

namespace Freshet.Cli.Tests.Commands;

public class CommandTreeTests
{
    [Fact]
    public void A_command_that_is_created_alone_is_the_one_of_the_whole_tree()
    {
        CapturedStreams streams = new();
        Command whole = CommandTree.Create(streams, []);
        Assert.Contains(whole.Subcommands, command => command.Name == "completion");
        foreach (Command command in whole.Subcommands)
        {
            Command root = CommandTree.Create(streams, [command.Name, "--help"]);
            Command alone = command.Name == "completion"
                ? root.Subcommands.Single(other => other.Name == command.Name)
                : Assert.Single(root.Subcommands);
            Assert.Equal(command.Name, alone.Name);
            Assert.Equal(command.Description, alone.Description);
            Assert.Equal(NamesOf(command), NamesOf(alone));
            Assert.Equal(whole.Options.Select(option => option.Name), root.Options.Select(option => option.Name));
        }
    }

    [Theory]
    [InlineData("--help")]
    [InlineData("--version", "download")]
    [InlineData("dowload")]
    public void Whoever_names_no_command_gets_all(params string[] args)
    {
        Command root = CommandTree.Create(new CapturedStreams(), args);
        Assert.Contains(root.Subcommands, command => command.Name == "download");
        Assert.Contains(root.Subcommands, command => command.Name == "set");
    }

    private static string[] NamesOf(Command command) =>
        [.. command.Options.Select(option => option.Name), .. command.Arguments.Select(argument => argument.Name)];
}

using System.CommandLine;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Tests.Parsing;

public class ConnectionOptionsTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Ids_of_dht_nodes_are_enforced_by_choice(bool isChosen)
    {
        ConnectionOptions connection = new();
        Command command = new("x");
        connection.AddTo(command);
        SessionOptions options = connection.ToSessionOptions(command.Parse(isChosen ? ["--dht-enforce-ids"] : []));
        Assert.Equal(isChosen, options.Dht!.EnforceNodeIds);
    }
}

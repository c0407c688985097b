using System.Net;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Tests.Dht;

public sealed class DhtCommandTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void Tests_ask_no_node_of_the_internet()
    {
        Assert.Empty(DhtBootstrap.Of([]));
        Assert.Empty(DhtBootstrap.Of(null));
    }

    [Fact]
    public async Task A_lookup_finds_what_another_one_announced()
    {
        await using RunningCommand node = new("dht", "node", "--bind", "127.0.0.1", "--json");
        string endPoint = (await node.WaitForAsync(
            command => command.Events.Select(line => line.GetProperty("endpoints")[0].GetString()).FirstOrDefault()));
        CliRun announced = await CliRun.Of(
            "dht", "lookup", Hash, "--bind", "127.0.0.1", "--dht-bootstrap", endPoint, "--announce", "4242", "--json");
        Assert.Equal((0, 1), (announced.ExitCode, announced.Json.GetProperty("announced").GetInt32()));
        CliRun found = await CliRun.Of("dht", "lookup", Hash, "--bind", "127.0.0.1", "--dht-bootstrap", endPoint, "--json");
        Assert.Equal("127.0.0.1:4242", Assert.Single(found.Json.GetProperty("peers").EnumerateArray()).GetString());
        CliRun text = await CliRun.Of("dht", "lookup", "magnet:?xt=urn:btih:" + Hash, "--bind", "127.0.0.1", "--dht-bootstrap", endPoint);
        Assert.StartsWith("127.0.0.1:4242\n1 peer from 1 node", text.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_the_user_names_may_be_local()
    {
        await using RunningCommand node = new("dht", "node", "--bind", "127.0.0.1", "--json");
        string endPoint = await node.WaitForAsync(
            command => command.Events.Select(line => line.GetProperty("endpoints")[0].GetString()).FirstOrDefault());
        CliRun run = await CliRun.Of("dht", "lookup", Hash, "--dht-bootstrap", endPoint, "--json");
        Assert.Equal((0, 1), (run.ExitCode, run.Json.GetProperty("answers").GetInt32()));
    }

    [Fact]
    public async Task Without_any_node_the_error_says_what_to_do()
    {
        CliRun run = await CliRun.Of("dht", "lookup", Hash, "--bind", "127.0.0.1");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("No node of the DHT answered", run.Error, StringComparison.Ordinal);
        Assert.Contains("--dht-bootstrap HOST:PORT", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dht", "lookup", "nothing")]
    [InlineData("dht", "lookup", Hash, "--announce", "65536")]
    [InlineData("dht", "node", "--dht-bootstrap", "host")]
    public async Task What_makes_no_sense_is_refused(params string[] args) => Assert.NotEqual(0, (await CliRun.Of(args)).ExitCode);

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_that_says_so()
    {
        using System.Net.Sockets.UdpClient taken = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
        CliRun run = await CliRun.Of("dht", "node", "--bind", "127.0.0.1", "--port", $"{port}");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("is taken by another program", run.Error, StringComparison.Ordinal);
    }
}

using System.Net;
using Freshet.Cli.Parsing;

namespace Freshet.Cli.Tests.Dht;

public sealed class DhtCommandTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef01234567";

    [Fact]
    public void Tests_ask_no_node_on_the_internet()
    {
        Assert.Empty(DhtBootstrap.Of([]));
        Assert.Empty(DhtBootstrap.Of(null));
    }

    [Fact]
    public async Task A_lookup_finds_what_another_command_announced()
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
    public async Task Invalid_arguments_are_refused(params string[] args) => Assert.NotEqual(0, (await CliRun.Of(args)).ExitCode);

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupWrite)]
    public async Task A_key_that_others_may_read_or_change_is_refused(UnixFileMode others)
    {
        Requires.That(!OperatingSystem.IsWindows(), "Windows has no file modes.");
        using TemporaryFolder folder = new();
        string key = folder.Write("key", System.Text.Encoding.ASCII.GetBytes(new string('a', 64) + "\n"));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(key, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
        CliRun run = await PutAsync("text", "--key", key);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"Others may read or change the key file {key}.", run.Error, StringComparison.Ordinal);
        Assert.Contains($"chmod 600 {key}", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa aaaa")]
    [InlineData("gggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggggg")]
    public async Task A_file_that_is_not_a_key_is_refused_and_stays_as_it_is(string text)
    {
        using TemporaryFolder folder = new();
        string file = folder.Write("key", System.Text.Encoding.ASCII.GetBytes(text));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        CliRun run = await PutAsync("text", "--key", file);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"{file} is not a key file.", run.Error, StringComparison.Ordinal);
        Assert.Equal(text, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_key_that_cannot_be_created_is_an_error_that_says_why()
    {
        using TemporaryFolder folder = new();
        CliRun run = await PutAsync("text", "--key", folder["missing/key"]);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"The key file {folder["missing/key"]} cannot be used: ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_key_is_readable_only_by_its_owner_and_is_used_again()
    {
        using TemporaryFolder folder = new();
        await using RunningCommand node = new("dht", "node", "--bind", "127.0.0.1", "--json");
        string endPoint = await node.WaitForAsync(
            command => command.Events.Select(line => line.GetProperty("endpoints")[0].GetString()).FirstOrDefault());
        string key = folder["key"];
        string[] options = ["--key", key, "--json", "--dht-bootstrap", endPoint];
        CliRun first = await PutAsync(["one", .. options]);
        Assert.True(first.ExitCode == 0, first.Error);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(key));
        CliRun second = await PutAsync(["two", .. options]);
        Assert.Equal(first.Json.GetProperty("publicKey").GetString(), second.Json.GetProperty("publicKey").GetString());
    }

    [Fact]
    public async Task Values_that_are_too_long_or_lack_a_key_are_refused_before_anybody_is_asked()
    {
        using TemporaryFolder folder = new();
        string key = folder["key"];
        CliRun longText = await PutAsync(new string('x', 997));
        Assert.Contains("The text has 997 bytes; an item has room for 996.", longText.Error, StringComparison.Ordinal);
        CliRun longSalt = await PutAsync("text", "--key", key, "--salt", new string('ä', 33));
        Assert.Contains("The salt has 66 bytes; at most 64 are allowed.", longSalt.Error, StringComparison.Ordinal);
        CliRun noKey = await PutAsync("text", "--salt", "salt");
        Assert.Contains("Name a key with --key FILE.", noKey.Error, StringComparison.Ordinal);
        Assert.All([longText, longSalt, noKey], run => Assert.NotEqual(0, run.ExitCode));
        Assert.False(File.Exists(key));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_that_says_so()
    {
        using System.Net.Sockets.UdpClient taken = new(new IPEndPoint(IPAddress.Loopback, 0));
        int port = ((IPEndPoint)taken.Client.LocalEndPoint!).Port;
        CliRun run = await CliRun.Of("dht", "node", "--bind", "127.0.0.1", "--port", $"{port}");
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("is taken by another program", run.Error, StringComparison.Ordinal);
    }

    private static Task<CliRun> PutAsync(params string[] args) => CliRun.Of(["dht", "put", "--bind", "127.0.0.1", .. args]);
}

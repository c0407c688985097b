using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>Items of the DHT (BEP 44), stored at libtorrent's nodes by either side, in a network of their own.</summary>
[Collection(nameof(Alone))]
public class DhtItemTests : InteropTest
{
    private NetworkNamespace _network = null!;
    private DhtNodes _nodes = null!;

    [Fact]
    public Task We_get_what_libtorrent_puts_and_libtorrent_gets_what_we_put() => WithNodesAsync(async () =>
    {
        string target = await _nodes.AskAsync("put", "theirs");
        Assert.Equal("theirs", (string?)(await RunDhtAsync("get", target))["text"]);
        JsonNode put = await RunDhtAsync("put", "ours");
        Assert.True((int)put["stored"]! > 0);
        Assert.Equal("ours", await _nodes.AskAsync("get", (string)put["target"]!));
    });

    [Fact]
    public Task Libtorrent_verifies_and_keeps_versions_that_we_sign() => WithNodesAsync(async () =>
    {
        string key = Path.Combine(Work, "key");
        JsonNode first = await RunDhtAsync("put", "one", "--key", key, "--salt", "a salt");
        JsonNode second = await RunDhtAsync("put", "two", "--key", key, "--salt", "a salt", "--cas", "1");
        Assert.Equal((1, 2), ((int)first["sequence"]!, (int)second["sequence"]!));
        Assert.True((int)second["stored"]! > 0);
        Assert.Equal("600", await RunAsync("stat", "-c", "%a", key));

        JsonNode found = await RunDhtAsync("get", (string)second["publicKey"]!, "--salt", "a salt");
        Assert.Equal(("two", 2), ((string)found["text"]!, (int)found["sequence"]!));
    });

    private Task WithNodesAsync(Func<Task> body) => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet, ClientKind.Libtorrent);
        using NetworkNamespace? network = NetworkNamespace.TryCreate(spreads: true);
        Requires.That(network is not null, "Network namespaces cannot be created on this machine.");
        _network = network;
        _nodes = await OwnAsync(DhtNodes.StartLibtorrentAsync(Work, network, 10));
        await body();
    });

    private async Task<JsonNode> RunDhtAsync(params string[] arguments) => JsonNode.Parse(await RunAsync(
    [
        .. _network.Runner, .. FreshetExecutable.Command, "dht", .. arguments, "--json",
        "--bind", _network.NextAddress().ToString(), "--dht-bootstrap", _nodes.EndPoints[0].ToString(),
    ]))!;
}

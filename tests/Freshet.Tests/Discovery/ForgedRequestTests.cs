using System.Net;
using System.Net.Sockets;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Network;

namespace Freshet.Tests.Discovery;

/// <summary>
/// A torrent from a stranger cannot make us ask programs on this machine or on the local network (server-side request forgery).
/// </summary>
public sealed class ForgedRequestTests : IDisposable
{
    private const string Good = "d8:intervali1800e5:peers0:e";

    private readonly TrackerService _tracker = new(new HttpRequesterOptions
    {
        Binding = new NetworkBinding
        {
            Names = new NameResolver(name => name switch
            {
                "tracker.example.org" => [IPAddress.Loopback],
                "router.example.org" => [IPAddress.Parse("192.168.1.1"), IPAddress.Parse("fd00::1")],
                "cloud.example.org" => [IPAddress.Parse("169.254.169.254")],
                "tracker.lan" => [IPAddress.Loopback],
                _ => throw new SocketException((int)SocketError.HostNotFound),
            }),
        },
    });

    public void Dispose() => _tracker.Dispose();

    [Theory]
    [InlineData("tracker.example.org", "the name tracker.example.org leads to 127.0.0.1, which is an address of this machine")]
    [InlineData("router.example.org", "the name router.example.org leads to 192.168.1.1, which is an address of a local network")]
    [InlineData("cloud.example.org", "the name cloud.example.org leads to 169.254.169.254, which is a link-local address")]
    public async Task A_public_name_that_resolves_to_a_local_address_is_not_asked(string host, string words)
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        Assert.Equal(
            words + ": a tracker with a public name is not looked for on a local network or on this machine",
            (await AnnounceAsync($"http://{host}:{server.EndPoint.Port}/announce")).Failure);
        Assert.Empty(server.Clients);
    }

    [Fact]
    public async Task A_local_name_is_asked()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        Assert.True((await AnnounceAsync($"http://tracker.lan:{server.EndPoint.Port}/announce")).HasAnswer);
    }

    [Theory]
    [InlineData("/admin/shutdown")]
    [InlineData("/announce?info_hash=x&do=harm")]
    [InlineData("/announce/../admin")]
    public async Task On_this_machine_only_announces_are_made(string path)
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        Assert.Equal(
            "127.0.0.1 is an address of this machine: a tracker on a local address is asked only at a path like /announce, "
                + "and on this machine only without a query of its own",
            (await AnnounceAsync($"http://{server.EndPoint}{path}")).Failure);
        Assert.Empty(server.Clients);
    }

    // Once a connection to a host is kept, another request to it must not use it in spite of the rule.
    [Fact]
    public async Task A_kept_connection_is_not_used_by_a_request_that_may_not_connect()
    {
        await using ScriptedServer server = ScriptedServer.Http("200 OK", Good);
        Assert.True((await AnnounceAsync(server.AnnounceUrl)).HasAnswer);
        Assert.False((await AnnounceAsync($"http://{server.EndPoint}/admin")).HasAnswer);
        Assert.Single(server.Heads);
    }

    [Theory]
    [InlineData("http://127.0.0.1:{port}/announce")]
    [InlineData("http://localhost:{port}/announce")]
    [InlineData("http://[::ffff:127.0.0.1]:{port}/announce")]
    [InlineData("http://tracker.lan:{port}/announce")]
    public async Task A_redirect_to_another_port_of_this_machine_is_not_followed(string location)
    {
        await using ScriptedServer victim = ScriptedServer.Http("200 OK", Good);
        string target = location.Replace("{port}", $"{victim.EndPoint.Port}", StringComparison.Ordinal);
        await using ScriptedServer server = ScriptedServer.Http("302 Found", "", $"Location: {target}");
        Assert.False((await AnnounceAsync(server.AnnounceUrl)).HasAnswer);
        Assert.Empty(victim.Clients);
    }

    private Task<TrackerOutcome<AnnounceResponse>> AnnounceAsync(string url) =>
        _tracker.AnnounceAsync(url, SampleAnnounce.Request, TestContext.Current.CancellationToken);
}

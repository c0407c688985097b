using System.Net;
using System.Net.Sockets;
using System.Text;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;
using Freshet.Discovery;
using Freshet.Network;
using Freshet.Tests.Discovery;
using Freshet.Tracker;
using Freshet.Tracker.Http;

namespace Freshet.Tests.Tracker;

public class TrackerServerTests
{
    private static readonly TrackerOptions Options = new() { HttpEndPoints = [new(IPAddress.Loopback, 0)] };

    private static readonly AnnounceRequest Request = SampleAnnounce.Request;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Our_client_and_our_tracker_understand_each_other()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        using TrackerService seed = new(new HttpRequesterOptions { Binding = new NetworkBinding(IPAddress.Parse("127.0.0.2")) });
        using TrackerService leech = new(new HttpRequesterOptions { Binding = new NetworkBinding(IPAddress.Parse("127.0.0.3")) });
        string url = server.AnnounceUrl.ToString();

        AnnounceResponse first = (await seed.AnnounceAsync(url, Request with { Left = 0 }, Cancellation)).Answer!;
        Assert.Empty(first.Peers);
        Assert.Equal((1, 0), (first.Seeders, first.Leechers));
        Assert.Equal((TimeSpan.FromMinutes(15), TimeSpan.FromMinutes(1)), (first.Interval, first.MinInterval));
        Assert.Equal(IPAddress.Parse("127.0.0.2"), first.ExternalAddress);

        AnnounceResponse second = (await leech.AnnounceAsync(url, Request with { Port = 7000 }, Cancellation)).Answer!;
        Assert.Equal(IPEndPoint.Parse("127.0.0.2:6881"), Assert.Single(second.Peers).EndPoint);
        await leech.AnnounceAsync(url, Request with { Port = 7000, Left = 0, Event = AnnounceEvent.Completed }, Cancellation);

        InfoHash unknown = new("bbbbbbbbbbbbbbbbbbbb"u8);
        ScrapeResponse scrape = (await seed.ScrapeAsync(url, new HashSet<InfoHash> { unknown, Request.InfoHash }, Cancellation)).Answer!;
        Assert.Equal(new ScrapedSwarm(2, 0, 1, 0), Assert.Single(scrape.Swarms).Value);

        await seed.AnnounceAsync(url, Request with { Event = AnnounceEvent.Stopped }, Cancellation);
        Assert.Equal(
            (1, 1, 4, 1),
            (server.Statistics.Torrents, server.Statistics.Peers, (int)server.Statistics.Announces, (int)server.Statistics.Scrapes));
    }

    [Fact]
    public async Task A_client_that_does_not_want_compact_peers_gets_dictionaries()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(
            Options with { MinInterval = TimeSpan.Zero }, cancellationToken: Cancellation);
        await GetAsync(server, Announce(1));
        Assert.Contains(
            "5:peersld2:ip9:127.0.0.17:peer id20:aaaaaaaaaaaaaaaaaaaa4:porti1eeee", await GetAsync(server, Announce(2) + "&compact=0"),
            StringComparison.Ordinal);
        Assert.Contains(
            "5:peersld2:ip9:127.0.0.14:porti1eeee", await GetAsync(server, Announce(2) + "&compact=0&no_peer_id=1"),
            StringComparison.Ordinal);
        Assert.Contains("5:peers6:\u007f\0\0\u0001\0\u0001e", await GetAsync(server, Announce(2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Peers_of_the_other_family_are_in_a_field_of_their_own()
    {
        Requires.IPv6Loopback();
        await using TrackerServer server = await TrackerServer.StartAsync(
            new TrackerOptions { HttpEndPoints = [new(IPAddress.Loopback, 0), new(IPAddress.IPv6Loopback, 0)] },
            cancellationToken: Cancellation);
        using TrackerService client = new(new HttpRequesterOptions());
        Assert.Equal(2, server.HttpEndPoints.Length);
        await client.AnnounceAsync($"http://{server.HttpEndPoints[0]}/announce", Request, Cancellation);
        AnnounceResponse answer =
            (await client.AnnounceAsync($"http://{server.HttpEndPoints[1]}/announce", Request with { Port = 7000 }, Cancellation)).Answer!;
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:6881"), Assert.Single(answer.Peers).EndPoint);
        answer = (await client.AnnounceAsync($"http://{server.HttpEndPoints[0]}/announce", Request, Cancellation)).Answer!;
        Assert.Equal(IPEndPoint.Parse("[::1]:7000"), Assert.Single(answer.Peers).EndPoint);
    }

    // Behind a proxy on this machine, everybody comes from its address.
    [Theory]
    [InlineData("127.0.0.0/8", "\u00cb\0q\u0007\0\u0001")]
    [InlineData("10.0.0.0/8", "\u007f\0\0\u0001\0\u0001")]
    [InlineData(null, "\u007f\0\0\u0001\0\u0001")]
    public async Task Only_peers_in_configured_networks_may_announce_another_address(string? network, string peer)
    {
        TrackerOptions options = network is null ? Options : Options with { TrustAnnouncedAddressFrom = [IPNetwork.Parse(network)] };
        await using TrackerServer server = await TrackerServer.StartAsync(options, cancellationToken: Cancellation);
        await GetAsync(server, Announce(1) + "&ip=203.0.113.7");
        Assert.Contains($"5:peers6:{peer}e", await GetAsync(server, Announce(2)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_announced_address_that_nobody_can_have_is_not_accepted()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(
            Options with { TrustAnnouncedAddressFrom = [IPNetwork.Parse("127.0.0.0/8")] }, cancellationToken: Cancellation);
        await GetAsync(server, Announce(1) + "&ip=255.255.255.255");
        Assert.Contains("5:peers6:\u007f\0\0\u0001\0\u0001e", await GetAsync(server, Announce(2)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "203.0.113.7", "203.0.113.7")]
    [InlineData(true, "198.51.100.9, 203.0.113.7", "203.0.113.7")]
    [InlineData(true, "203.0.113.7, 127.0.0.9", "203.0.113.7")]
    [InlineData(true, "203.0.113.7:4711", "203.0.113.7")]
    [InlineData(true, "203.0.113.7, nonsense", "127.0.0.1")]
    [InlineData(true, "", "127.0.0.1")]
    [InlineData(false, "203.0.113.7", "127.0.0.1")]
    public async Task Only_a_trusted_proxy_is_believed_about_the_address_of_a_client(bool isTrusted, string forwarded, string asker)
    {
        TrackerOptions options = isTrusted ? Options with { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] } : Options;
        await using TrackerServer server = await TrackerServer.StartAsync(options, cancellationToken: Cancellation);
        string head = $"HTTP/1.1\r\nHost: t\r\nX-Forwarded-For: {forwarded}\r\nConnection: close\r\n\r\n";
        string answer = await SendAsync(server, $"GET {Announce(1)} {head}");
        string address = Encoding.Latin1.GetString(IPAddress.Parse(asker).GetAddressBytes());
        Assert.Contains($"11:external ip4:{address}10:", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/announce", "HTTP/1.1 200 OK", "d14:failure reason20:info_hash is missinge")]
    [InlineData(
        "/announce?info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port=0", "HTTP/1.1 200 OK",
        "d14:failure reason29:port 0 cannot be connected toe")]
    [InlineData("/scrape?info_hash=x", "HTTP/1.1 200 OK", "d14:failure reason25:info_hash is not 20 bytese")]
    [InlineData("/scrape?info_hash=aaaaaaaaaaaaaaaaaaaa", "HTTP/1.1 200 OK", "d5:filesdee")]
    [InlineData("/elsewhere", "HTTP/1.1 404 Not Found", "")]
    public async Task Every_request_gets_an_answer_that_says_what_is_wrong(string target, string status, string body)
    {
        await using TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        string answer = await SendAsync(server, $"GET {target} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
        Assert.StartsWith(status, answer, StringComparison.Ordinal);
        Assert.Contains($"\r\nContent-Length: {body.Length}\r\n", answer, StringComparison.Ordinal);
        Assert.Equal(body, answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
    }

    [Fact]
    public async Task The_front_page_shows_the_numbers()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        await GetAsync(server, Announce(1) + "&left=0&event=completed");
        Assert.Contains(
            "\r\n\r\nFreshet tracker\ntorrents 1\npeers 1\nseeds 1\npeers-ipv6 0\ndownloaded 1\nannounces 1\nannounces-udp 0\nscrapes 0\n"
            + "scrapes-udp 0\nconnects-udp 0\ndropped-udp 0\nrefused 0\nuptime ",
            await SendAsync(server, "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST /announce HTTP/1.1\r\nHost: t\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", "HTTP/1.1 405 ")]
    [InlineData("GARBAGE\r\n\r\n", "HTTP/1.1 400 ")]
    [InlineData("GET /announce?info_hash=%00 HTTP/1.0\r\n\r\n", "HTTP/1.1 200 ")]
    public async Task Odd_requests_do_no_harm(string request, string status)
    {
        await using TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        Assert.StartsWith(status, await SendAsync(server, request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_endless_request_line_is_refused()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        Assert.StartsWith(
            "HTTP/1.1 414 ", await SendAsync(server, $"GET /announce?{new string('x', 20_000)} HTTP/1.1\r\n"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Torrents_that_are_not_allowed_are_refused_in_words()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(
            Options with { Allows = _ => false }, cancellationToken: Cancellation);
        Assert.Equal("d14:failure reason39:this tracker does not serve the torrente", await GetAsync(server, Announce(1)));
        Assert.Equal(1, server.Statistics.Refused);
    }

    [Fact]
    public async Task Many_announce_at_once_and_all_are_counted()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        using TrackerService client = new(new HttpRequesterOptions());
        string url = server.AnnounceUrl.ToString();
        await Parallel.ForAsync(1, 1_001, Cancellation, async (port, cancellation) =>
            Assert.True((await client.AnnounceAsync(url, Request with { Port = port }, cancellation)).HasAnswer));
        Assert.Equal((1_000, 1_000), ((int)server.Statistics.Announces, server.Statistics.Peers));
    }

    [Fact]
    public async Task Clients_that_keep_their_connections_do_not_keep_others_out()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(
            Options with { MaxConnections = 4 }, cancellationToken: Cancellation);
        List<HttpClient> clients = [.. Enumerable.Range(0, 12).Select(_ => new HttpClient())];
        for (int i = 0; i < clients.Count; i++)
        {
            Uri url = new($"http://{server.HttpEndPoints[0]}{Announce(i + 1)}");
            Assert.Contains("8:interval", await clients[i].GetStringAsync(url, Cancellation), StringComparison.Ordinal);
        }

        Assert.Equal(clients.Count, server.Statistics.Peers);
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public void An_address_has_few_connections_unless_others_are_behind_it()
    {
        OpenConnections connections = new(Options with { MaxConnections = 32, TrustedProxies = [IPNetwork.Parse("192.0.2.0/24")] });
        IPAddress[] few = [IPAddress.Parse("198.51.100.1"), IPAddress.Parse("2001:db8::1")];
        foreach (IPAddress address in few)
        {
            Assert.True(connections.TryEnter(address));
            Assert.True(connections.TryEnter(address));
            Assert.False(connections.TryEnter(address));
        }

        Assert.False(connections.TryEnter(IPAddress.Parse("::ffff:198.51.100.1")));
        Assert.False(connections.TryEnter(IPAddress.Parse("2001:db8::2")));
        Assert.False(connections.AreMany);
        for (int i = 0; i < 5; i++)
            Assert.True(connections.TryEnter(IPAddress.Parse(i % 2 == 0 ? "192.0.2.7" : "127.0.0.1")));
        Assert.True(connections.AreMany);
        connections.Leave(few[0]);
        Assert.False(connections.AreMany);
        Assert.True(connections.TryEnter(few[0]));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_an_error_and_leaves_nothing_behind()
    {
        await using TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        await Assert.ThrowsAnyAsync<IOException>(
            () => TrackerServer.StartAsync(Options with { HttpEndPoints = server.HttpEndPoints }, cancellationToken: Cancellation));
    }

    [Fact]
    public async Task An_address_of_another_machine_is_an_error_that_names_it()
    {
        IPEndPoint elsewhere = new(IPAddress.Parse("192.0.2.1"), 6969);
        IOException error = await Assert.ThrowsAnyAsync<IOException>(
            () => TrackerServer.StartAsync(Options with { HttpEndPoints = [elsewhere] }, cancellationToken: Cancellation));
        Assert.Contains(elsewhere.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tracker_that_stopped_no_longer_listens()
    {
        TrackerServer server = await TrackerServer.StartAsync(Options, cancellationToken: Cancellation);
        await server.DisposeAsync();
        using TrackerService client = new(new HttpRequesterOptions());
        Assert.Contains(
            "refused the connection", (await client.AnnounceAsync(server.AnnounceUrl.ToString(), Request, Cancellation)).Failure,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_invalid_options_are_reported_at_once()
    {
        TrackerOptions wrong = new() { HttpEndPoints = [], Interval = TimeSpan.Zero, MaxNumWant = 0, MaxPeers = -1 };
        Assert.Equal(6, wrong.Validate().Length);
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(
            () => TrackerServer.StartAsync(wrong, cancellationToken: Cancellation));
        Assert.All(wrong.Validate(), words => Assert.Contains(words, error.Message, StringComparison.Ordinal));
        Assert.Empty(new TrackerOptions().Validate());
    }

    private static string Announce(int port) => $"/announce?info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=aaaaaaaaaaaaaaaaaaaa&port={port}&left=1";

    private static async Task<string> GetAsync(TrackerServer server, string target)
    {
        string answer = await SendAsync(server, $"GET {target} HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
        return answer[(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..];
    }

    private static async Task<string> SendAsync(TrackerServer server, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(server.HttpEndPoints[0], Cancellation);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), Cancellation);
        using StreamReader reader = new(client.GetStream(), Encoding.Latin1);
        return await reader.ReadToEndAsync(Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }
}

using System.Net.Sockets;
using System.Text.Json.Nodes;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// <c>--proxy URL</c> as people type it, without <c>--bind</c>, under a sniffer that sees the proxy and nobody else: a TORRENT that is a
/// URL, a tracker over HTTPS, the commands that have no session, and a proxy that dies.
/// </summary>
public class PlainProxyTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const int TrackerPort = 7001;
    private const int WebPort = 7002;
    private const int SecurePort = 7003;
    private const int UntrustedPort = 7004;

    // Answers each announce with one peer, given as the six bytes of BEP 23 in hexadecimal digits.
    private const string SecureTracker = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                answer = b'd8:intervali1800e5:peers6:' + bytes.fromhex(sys.argv[5]) + b'e'
                self.send_response(200)
                self.send_header('Content-Length', str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)
        server = http.server.HTTPServer((sys.argv[1], int(sys.argv[2])), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        server.socket = context.wrap_socket(server.socket, server_side=True)
        server.serve_forever()
        """;

    private static readonly string World = $"{ProxiedNetwork.World}";

    [Theory]
    [InlineData("danted")]
    [InlineData("tinyproxy")]
    public Task A_URL_with_a_tracker_over_HTTPS_is_downloaded_through_the_proxy_alone(string program) => CaseAsync(async () =>
    {
        await using ProxiedNetwork network = ProxiedNetwork.Start(Work, program);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 2 * MiB);
        FreshetClient seed = await SeedAsync(network, torrent);
        await MakeCertificatesAsync();
        await using ChildProcess tracker = StartSecureTracker(network, SecurePort, "tracker", seed);
        string path = torrent.WithTracker($"https://tracker.test:{SecurePort}/announce").TorrentPath;
        await using ChildProcess web = network.StartFar(
            "python3", "-m", "http.server", "--bind", World, $"{WebPort}", "--directory", Path.GetDirectoryName(path)!);
        await network.UntilListeningAsync(Patience, SecurePort, WebPort);
        network.Sniff();

        ClientOptions options = new()
        {
            Utp = network.Relays,
            TcpToo = true,
            FindsNeighbours = true,
            MapsPorts = true,
            Magnet = $"http://web.test:{WebPort}/{Path.GetFileName(path)}",
        };
        FreshetClient freshet = Own(new FreshetClient(Work, options)
        {
            Runner = Trusting(network),
            IsUnbound = true,
            MoreOptions = ["--proxy", network.Url, "--dht-bootstrap", $"node.test:{seed.EndPoint.Port}"],
        });
        await freshet.LaunchAsync(torrent, NewFolder("freshet"));
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        Assert.True(network.WasReached(ProtocolType.Tcp, WebPort) && network.WasReached(ProtocolType.Tcp, SecurePort));
        network.RequireProxyOnly();
        await network.RequireSightAsync(Patience);
    });

    [Theory]
    [InlineData("danted")]
    [InlineData("tinyproxy")]
    public Task Commands_without_a_session_go_through_the_proxy_alone(string program) => CaseAsync(async () =>
    {
        await using ProxiedNetwork network = ProxiedNetwork.Start(Work, program);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 2 * MiB);
        await using ChildProcess tracker = network.StartFar([.. FreshetExecutable.Command, "tracker", "--http", $"{World}:{TrackerPort}"]);
        await network.UntilListeningAsync(Patience, TrackerPort);
        FreshetClient seed = await SeedAsync(network, torrent.WithTracker($"http://{World}:{TrackerPort}/announce"));
        await seed.UntilAsync(() => Task.FromResult(seed.HasAnnounced), Patience, "has announced itself");
        await MakeCertificatesAsync();
        await using ChildProcess untrusted = StartSecureTracker(network, UntrustedPort, "untrusted", seed);
        await network.UntilListeningAsync(Patience, UntrustedPort);
        network.Sniff();

        string path = torrent.WithTracker($"http://tracker.test:{TrackerPort}/announce").TorrentPath;
        string peer = $"{seed.EndPoint}";
        Assert.Contains(peer, await CommandAsync(0, "peers", path), StringComparison.Ordinal);
        JsonNode scraped = JsonNode.Parse(await CommandAsync(0, "scrape", path))!;
        Assert.Equal(1, (int?)scraped["trackers"]![0]!["swarms"]![0]!["seeders"]);
        JsonNode met = JsonNode.Parse(await CommandAsync(0, "handshake", path, peer))!;
        IEnumerable<string?> taken =
            met["ways"]!.AsArray().Where(way => way!["failure"] is null).Select(way => (string?)way!["transport"]).Distinct();
        Assert.Equal(network.Relays ? ["tcp", "utp"] : ["tcp"], taken);

        // Its certificate says where that of its issuer can be had, whether it was revoked, and who knows. Nobody is asked.
        string refused = await CommandAsync(1, "peers", path, "--tracker", $"https://tracker.test:{UntrustedPort}/announce");
        Assert.Contains("certificate", refused, StringComparison.OrdinalIgnoreCase);
        Assert.True(network.WasReached(ProtocolType.Tcp, UntrustedPort));
        network.RequireProxyOnly();
        await network.RequireSightAsync(Patience);

        Task<string> CommandAsync(int exitCode, params string[] words) => ChildProcess.RunAsync(
            Work, [.. Trusting(network), .. FreshetExecutable.Command, .. words, "--proxy", network.Url, "--json"], exitCode);
    });

    [Theory]
    [InlineData("danted")]
    [InlineData("tinyproxy")]
    public Task A_proxy_that_dies_is_waited_for_and_bypassed_by_nothing(string program) => CaseAsync(async () =>
    {
        await using ProxiedNetwork network = ProxiedNetwork.Start(Work, program);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 16 * MiB);
        await using ChildProcess tracker = network.StartFar([.. FreshetExecutable.Command, "tracker", "--http", $"{World}:{TrackerPort}"]);
        await network.UntilListeningAsync(Patience, TrackerPort);
        FreshetClient seed = await SeedAsync(network, torrent.WithTracker($"http://{World}:{TrackerPort}/announce"));
        await seed.UntilAsync(() => Task.FromResult(seed.HasAnnounced), Patience, "has announced itself");
        network.Sniff();
        FreshetClient freshet = Own(new FreshetClient(Work, new ClientOptions { FindsNeighbours = true, MapsPorts = true })
        {
            Runner = network.Near.Runner,
            IsUnbound = true,
            MoreOptions = ["--proxy", network.Url, "--dht-bootstrap", $"node.test:{seed.EndPoint.Port}", "--max-download", "1M"],
        });
        await freshet.LaunchAsync(torrent.WithTracker($"http://tracker.test:{TrackerPort}/announce"), NewFolder("freshet"));
        await freshet.UntilAsync(() => Task.FromResult(freshet.Done > 0.1), Patience, "has begun");

        await network.StopProxyAsync(Patience);
        await freshet.UntilAsync(() => Task.FromResult((int?)freshet.Last("progress")?["peers"] == 0), Patience, "has lost the seed");
        await freshet.UntilAsync(() => Task.FromResult(freshet.DialsTried().Any(dial => !dial.IsConnected)), Patience, "dials it again");
        Assert.False(await freshet.IsCompleteAsync());
        network.RequireProxyOnly();

        network.StartProxy();
        await freshet.WaitCompleteAsync(Patience);
        Assert.Empty(torrent.Differences(NewFolder("freshet")));
        Assert.All(freshet.DialsTried(), dial => Assert.Equal("Proxy", dial.Path));
        network.RequireProxyOnly();
        await network.RequireSightAsync(Patience);
    });

    private async Task<FreshetClient> SeedAsync(ProxiedNetwork network, SampleTorrent torrent)
    {
        ClientOptions options = new() { Address = ProxiedNetwork.World, Utp = true, TcpToo = true };
        FreshetClient seed = Own(new FreshetClient(Work, options) { Runner = network.Far.Runner });
        await seed.SeedAsync(torrent, torrent.DataFolder);
        return seed;
    }

    private ChildProcess StartSecureTracker(ProxiedNetwork network, int port, string certificate, FreshetClient seed)
    {
        byte[] peer = [.. seed.EndPoint.Address.GetAddressBytes(), (byte)(seed.EndPoint.Port >> 8), (byte)seed.EndPoint.Port];
        return network.StartFar(
            "python3", "-c", SecureTracker, World, $"{port}", $"{certificate}.crt", $"{certificate}.key", Convert.ToHexStringLower(peer));
    }

    // The system of the first machine trusts one authority, and nobody else.
    private string[] Trusting(ProxiedNetwork network) =>
        [.. network.Near.Runner, "env", $"SSL_CERT_FILE={Path.Combine(Work, "root.crt")}", "SSL_CERT_DIR=/nonexistent"];

    /// <summary>
    /// Makes the certificate of an authority that is trusted, one of a tracker, and one whose issuer is known to nobody. Both trackers'
    /// certificates name places to ask.
    /// </summary>
    private async Task MakeCertificatesAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(Work, "extensions"), """
            subjectAltName=DNS:tracker.test
            authorityInfoAccess=caIssuers;URI:http://issuer.test/ca.crt,OCSP;URI:http://issuer.test/ocsp
            crlDistributionPoints=URI:http://issuer.test/crl

            """);
        foreach ((string authority, string name) in ((string, string)[])[("root", "tracker"), ("stranger", "untrusted")])
        {
            string signer = $"-CA {authority}.crt -CAkey {authority}.key -CAcreateserial";
            await OpenSslAsync($"req -x509 -newkey rsa:2048 -nodes -keyout {authority}.key -out {authority}.crt -subj /CN={authority}");
            await OpenSslAsync($"req -newkey rsa:2048 -nodes -keyout {name}.key -out {name}.csr -subj /CN=tracker.test");
            await OpenSslAsync($"x509 -req -in {name}.csr {signer} -days 2 -extfile extensions -out {name}.crt");
        }
    }

    private Task<string> OpenSslAsync(string command) => RunAsync(["openssl", .. command.Split(' ')]);
}

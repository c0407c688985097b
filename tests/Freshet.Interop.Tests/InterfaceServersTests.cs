using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A download that is bound to an interface by its name, with a tracker and a web seed (nginx) that answer: both serve it at the address
/// that the interface has, and go on to serve it at the next one.
/// </summary>
public sealed partial class InterfaceServersTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const int TrackerPort = 9003;
    private const int WebSeedPort = 9004;

    private static readonly IPAddress Far = IPAddress.Parse("11.99.0.1");
    private static readonly IPAddress First = IPAddress.Parse("10.70.0.2");
    private static readonly IPAddress Later = IPAddress.Parse("10.70.0.3");

    private readonly List<Process> _servers = [];

    [Theory]
    [InlineData("http")]
    [InlineData("udp")]
    public Task A_tracker_and_a_web_seed_that_serve_us_serve_us_at_the_next_address_too(string scheme) => CaseAsync(async () =>
    {
        Requires.That(File.Exists("/usr/sbin/nginx"), "nginx is not installed.");
        using NetworkNamespace? near = NetworkNamespace.TryCreate();
        using NetworkNamespace? far = NetworkNamespace.TryCreate();
        Requires.That(near is not null && far is not null, "Network namespaces cannot be created on this machine.");
        Assert.True(near.Connect("used", $"{First}/24", far, "used", "10.70.0.1/24"));
        Assert.True(near.Connect("other", "10.71.0.2/24", far, "other", "10.71.0.1/24"));
        Assert.True(far.AddAddress($"{Far}/32"));
        Assert.True(AddRoute(near, "10.71.0.1", "other", 10) && AddRoute(near, "10.70.0.1", "used", 100));
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, 64 * MiB);
        try
        {
            string log = StartNginx(far, torrent.DataFolder);
            Start(far, [.. FreshetExecutable.Command, "tracker", "--http", $"{Far}:{TrackerPort}", "--udp", $"{Far}:{TrackerPort}",
                "--interval", "30"]);

            // It has the metadata and little more.
            FreshetClient seed = Own(new FreshetClient(Work, new ClientOptions { UploadLimit = 64 * 1024, Address = Far })
            {
                Runner = far.Runner,
            });
            await seed.SeedAsync(torrent, torrent.DataFolder);
            using PacketSniffer other = PacketSniffer.Start(near, "other");
            ClientOptions options = new()
            {
                Magnet = $"magnet:?xt=urn:btih:{torrent.InfoHash}&ws=http%3A%2F%2F{Far}%3A{WebSeedPort}%2F"
                    + $"&tr={scheme}%3A%2F%2F{Far}%3A{TrackerPort}%2Fannounce",
            };
            FreshetClient freshet = Own(new FreshetClient(Work, options)
            {
                Runner = near.Runner,
                Interface = "used",
                Peers = [seed.EndPoint],
            });
            await freshet.LeechAsync(torrent, NewFolder("freshet"));
            await freshet.UntilAsync(() => Task.FromResult(Ranges(log, First) > 0), Patience, "has ranges of the web seed");
            await freshet.UntilAsync(async () => await AnnouncesAsync(far, scheme) > 0, Patience, "has announced");

            Assert.True(near.Ip("link", "set", "used", "down"));
            await freshet.UntilAsync(() => Task.FromResult(freshet.Warnings.Any(IsAbout("used is down"))), Patience, "tells of it");
            long before = await AnnouncesAsync(far, scheme);
            Assert.Equal(0, Ranges(log, Later));
            Assert.True(near.Ip("address", "flush", "dev", "used") && near.Ip("address", "add", $"{Later}/24", "dev", "used"));
            Assert.True(near.Ip("link", "set", "used", "up") && AddRoute(near, "10.70.0.1", "used", 100));
            await freshet.UntilAsync(() => Task.FromResult(Ranges(log, Later) > 0), Patience, "has ranges of the web seed again");
            await freshet.UntilAsync(async () => await AnnouncesAsync(far, scheme) > before, Patience, "has announced again");
            Assert.False(await freshet.IsCompleteAsync());
            Assert.Empty(other.Packets);
        }
        finally
        {
            foreach (Process server in _servers)
            {
                server.Kill(entireProcessTree: true);
                await server.WaitForExitAsync(CancellationToken.None);
                server.Dispose();
            }
        }
    });

    [GeneratedRegex(@"^announces (\d+)\nannounces-udp (\d+)$", RegexOptions.Multiline)]
    private static partial Regex Announces { get; }

    // Complete ranges that an address was sent.
    private static int Ranges(string log, IPAddress to) => !File.Exists(log) ? 0 : File.ReadLines(log).Count(line =>
        line.StartsWith($"{to} ", StringComparison.Ordinal) && line.Contains("\" 206 ", StringComparison.Ordinal));

    // The tracker's own count, which is asked for at its side.
    private static async Task<long> AnnouncesAsync(NetworkNamespace far, string scheme)
    {
        string ask = $"exec 3<>/dev/tcp/{Far}/{TrackerPort}; printf 'GET / HTTP/1.0\\r\\nHost: {Far}\\r\\n\\r\\n' >&3; cat <&3";
        using Process process = Process.Start(
            new ProcessStartInfo("ip", ["netns", "exec", far.Name, "bash", "-c", ask])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        string answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (Announces.Match(answer) is not { Success: true } found)
            return 0;
        long all = long.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture);
        long udp = long.Parse(found.Groups[2].Value, CultureInfo.InvariantCulture);
        return scheme == "udp" ? udp : all - udp;
    }

    private static bool AddRoute(NetworkNamespace near, string gateway, string device, int metric) =>
        near.Ip("route", "add", "default", "via", gateway, "dev", device, "metric", $"{metric}");

    private static Func<string, bool> IsAbout(string words) => warning => warning.Contains(words, StringComparison.Ordinal);

    // Slow enough that the download outlasts the case. Returns the access log.
    private string StartNginx(NetworkNamespace far, string root)
    {
        string home = Directory.CreateDirectory(Path.Combine(Work, "nginx")).FullName;
        string log = Path.Combine(home, "access.log");
        File.WriteAllText(Path.Combine(home, "nginx.conf"), $$"""
            user root;
            daemon off;
            master_process off;
            pid {{home}}/nginx.pid;
            error_log {{home}}/error.log;
            events { worker_connections 64; }
            http {
                access_log {{log}};
                client_body_temp_path {{home}}/body;
                proxy_temp_path {{home}}/proxy;
                fastcgi_temp_path {{home}}/fastcgi;
                uwsgi_temp_path {{home}}/uwsgi;
                scgi_temp_path {{home}}/scgi;
                server {
                    listen {{Far}}:{{WebSeedPort}};
                    root {{root}};
                    limit_rate 256k;
                }
            }
            """);
        Start(far, ["/usr/sbin/nginx", "-p", home, "-c", Path.Combine(home, "nginx.conf"), "-e", Path.Combine(home, "error.log")]);
        return log;
    }

    private void Start(NetworkNamespace network, params string[] command) => _servers.Add(Process.Start(
        new ProcessStartInfo("ip", ["netns", "exec", network.Name, .. command])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Freshet.Core.Metainfo;
using Freshet.Core.Trackers;

namespace Freshet.Tests.Tracker;

/// <summary>The client of trackers with opentracker, which most public trackers run.</summary>
public sealed class OpentrackerTests
{
    private static readonly InfoHash Swarm = new("\u0001&=%+ .~aaaaaaaaaaaa"u8);
    private static readonly IPAddress Address = IPAddress.Parse("127.0.0.5");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("http")]
    [InlineData("udp")]
    public async Task An_announce_a_scrape_and_a_farewell_are_understood(string scheme)
    {
        string[] path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(Array.Exists(path, part => File.Exists(Path.Combine(part, "opentracker"))), "opentracker is not installed");
        using TemporaryFolder folder = new();
        int port = FreePort();
        using Process opentracker = Start(folder.Path, port);
        try
        {
            await AnnouncesAndScrapesAsync($"{scheme}://{Address}:{port}/announce");
        }
        finally
        {
            opentracker.Kill();
            await opentracker.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static async Task AnnouncesAndScrapesAsync(string tracker)
    {
        using TrackerClient seed = new(IPAddress.Parse("127.0.0.2"));
        using TrackerClient leech = new(IPAddress.Parse("127.0.0.3"));
        TrackerAnnounce announce = new() { Tracker = tracker, InfoHash = Swarm, Port = 1000, Left = 0, Event = AnnounceEvent.Started };
        Assert.Null(await UntilAnsweredAsync(seed, announce));
        TrackerAnnounceResult result = await leech.AnnounceAsync(announce with { Port = 2000, Left = 5 }, Cancellation);
        Assert.Null(result.Error);
        Assert.Contains(IPEndPoint.Parse("127.0.0.2:1000"), result.Peers.Select(peer => peer.EndPoint));
        Assert.Equal((1, 1), (result.Seeders, result.Leechers));
        Assert.NotNull(result.Interval);

        TrackerScrapeResult scraped = await leech.ScrapeAsync(tracker, [Swarm], Cancellation);
        Assert.Null(scraped.Error);
        Assert.Equal((1, 1), (scraped.Swarms[Swarm].Seeders, scraped.Swarms[Swarm].Leechers));

        Assert.Null((await seed.AnnounceAsync(announce with { Event = AnnounceEvent.Stopped }, Cancellation)).Error);
        scraped = await leech.ScrapeAsync(tracker, [Swarm], Cancellation);
        Assert.Equal((0, 1), (scraped.Swarms[Swarm].Seeders, scraped.Swarms[Swarm].Leechers));
    }

    // Until it listens. Returns the last error.
    private static async Task<string?> UntilAnsweredAsync(TrackerClient client, TrackerAnnounce announce)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (true)
        {
            string? error = (await client.AnnounceAsync(announce, Cancellation)).Error;
            if (error is null || waited.Elapsed > TimeSpan.FromSeconds(30))
                return error;
            await Task.Delay(TimeSpan.FromMilliseconds(50), Cancellation);
        }
    }

    // As Debian builds it, it serves only what is on its list; as root it makes its folder its root and becomes nobody.
    private static Process Start(string folder, int port)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        File.WriteAllText(Path.Combine(folder, "whitelist"), Swarm + "\n");
        string[] arguments = ["-i", $"{Address}", "-p", $"{port}", "-P", $"{port}", "-d", folder, "-w", "whitelist"];
        return Process.Start(new ProcessStartInfo("opentracker", arguments) { WorkingDirectory = folder })!;
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(Address, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}

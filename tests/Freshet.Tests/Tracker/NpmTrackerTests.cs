using System.Diagnostics;
using System.Globalization;
using System.Net;
using Freshet.Core.Metainfo;

namespace Freshet.Tests.Tracker;

/// <summary>The tracker client with npm's <c>bittorrent-tracker</c>, which trackers for WebTorrent run.</summary>
public sealed class NpmTrackerTests
{
    // Every kind of byte that may be escaped wrongly in a URL.
    private static readonly InfoHash Swarm = new("\u0001&=%+ .~aaaaaaaaaaaa"u8);

    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Freshet.Interop", "npm");

    // Over IPv6 it answers UDP with IPv4 addresses only.
    [Theory]
    [InlineData("http", "127.0.0.5", "127.0.0.2", "127.0.0.3")]
    [InlineData("udp", "127.0.0.5", "127.0.0.2", "127.0.0.3")]
    [InlineData("http", "::1", "::1", "::1")]
    public async Task An_announce_a_scrape_and_a_farewell_are_understood(string scheme, string tracker, string seed, string leech)
    {
        Requires.That(
            Directory.Exists(Path.Combine(Folder, "node_modules", "bittorrent-tracker")),
            "npm's tracker is not installed (npm ci --ignore-scripts --omit=optional in tests/Freshet.Interop/npm).");
        Requires.Loopback(IPAddress.Parse(tracker));
        using Process node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "tracker.mjs"), tracker])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        try
        {
            string? ports = await node.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                .AsTask().WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            Assert.True(ports is not null, "npm's tracker ended; its standard error says why");
            int port = int.Parse(ports.Split(' ')[scheme == "http" ? 0 : 1], CultureInfo.InvariantCulture);
            IPEndPoint endPoint = new(IPAddress.Parse(tracker), port);
            await TrackerConversation.HoldAsync(
                $"{scheme}://{endPoint}/announce", Swarm, IPAddress.Parse(seed), IPAddress.Parse(leech));
        }
        finally
        {
            // It ends when its input ends; a tracker that hangs is killed.
            node.StandardInput.Close();
            if (!node.WaitForExit(TimeSpan.FromSeconds(5)))
                node.Kill();
        }
    }
}

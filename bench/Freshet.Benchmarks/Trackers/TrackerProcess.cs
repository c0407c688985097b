using System.Diagnostics;
using System.Net;
using Freshet.Tracker;

namespace Freshet.Benchmarks.Trackers;

/// <summary>Freshet's tracker in a process of its own.</summary>
internal static class TrackerProcess
{
    public static Process Start()
    {
        IEnumerable<string> self = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [typeof(TrackerProcess).Assembly.Location]
            : [];
        return Process.Start(Environment.ProcessPath!, [.. self, TrackerBench.Verb, "child"]);
    }

    /// <summary>Serves until it is killed. All peers of the load share a few addresses.</summary>
    public static async Task<int> ServeAsync(IPEndPoint endPoint)
    {
        TrackerOptions options = new()
        {
            HttpEndPoints = [],
            UdpEndPoints = [endPoint],
            MinInterval = TimeSpan.Zero,
            MaxAnnouncesPerSecond = 100_000,
            MaxPeersPerAddress = 1_000_000,
            MaxPeers = 10_000_000,
        };
        await using TrackerServer server = await TrackerServer.StartAsync(options);
        await Task.Delay(Timeout.Infinite);
        return 0;
    }
}

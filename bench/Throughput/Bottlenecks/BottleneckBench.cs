using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Freshet.Interop.Clients;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput.Bottlenecks;

/// <summary>
/// One seeder and one leecher of ours over uTP with a bottleneck between them: first alone, then beside a greedy TCP flow of the kernel,
/// and then alone again. Or one seeder, and a leecher over each of the two transports.
/// </summary>
internal sealed class BottleneckBench(SampleTorrent torrent, string folder, BenchOptions options)
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Alone = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Beside = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan First = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan BeforeShared = TimeSpan.FromSeconds(140);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    private static readonly BottleneckOptions[] Lines =
    [
        new(10, TimeSpan.FromMilliseconds(20)),
        new(10, TimeSpan.FromMilliseconds(200)),
        new(100, TimeSpan.FromMilliseconds(50)),
        new(100, TimeSpan.FromMilliseconds(200)),
        new(1_000, TimeSpan.FromMilliseconds(20)),
        new(1_000, TimeSpan.FromMilliseconds(200)),
    ];

    /// <summary>Measures what a session's own TCP leaves its uTP (ADR 16), which takes minutes to show, and returns a table.</summary>
    public async Task<string> RunMixedAsync()
    {
        BottleneckOptions line = new(20, TimeSpan.FromMilliseconds(50));
        StringBuilder table = new("| line | uTP, first 45 s | sum | uTP, fourth minute | sum |\n|---|---|---|---|---|\n");
        for (int run = 0; run < options.Runs; run++)
            table.Append(await MeasureMixedAsync(line));
        return table.ToString();
    }

    /// <summary>Measures, and returns a table.</summary>
    public async Task<string> RunAsync()
    {
        StringBuilder table = new(
            "| line | uTP alone | its queue (98 %) | beside TCP, 5 s after it came | TCP beside it | queue | alone again, after 5 s |\n"
            + "|---|---|---|---|---|---|---|\n");
        foreach (BottleneckOptions line in Lines)
        {
            for (int run = 0; run < options.Runs; run++)
                table.Append(await MeasureAsync(line with { Loss = options.Loss, Reordered = options.Reordered }));
        }

        return table.ToString();
    }

    private async Task<string> MeasureAsync(BottleneckOptions line)
    {
        string output = Path.Combine(folder, "output");
        try
        {
            using Bottleneck bottleneck = new(line);
            await using FreshetClient seeder = new(folder, Options(bottleneck.Near, bottleneck.NearAddress));
            await seeder.SeedAsync(torrent, torrent.DataFolder);
            await using FreshetClient leecher = new(folder, Options(bottleneck.Far, bottleneck.FarAddress)) { Peers = [seeder.EndPoint] };
            await leecher.LeechAsync(torrent, output);
            BottleneckFigures alone = await LookAsync(bottleneck, line, Alone);
            BottleneckFigures beside;
            await using (await KernelFlow.StartAsync(bottleneck))
                beside = await LookAsync(bottleneck, line, Beside);
            BottleneckFigures again = await LookAsync(bottleneck, line, Alone);
            if (await leecher.IsCompleteAsync())
                throw new InvalidOperationException("the download was complete before the end: take a larger --size");
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {Name(line)} | {alone.Udp:0.0 %} | {alone.Queueing.TotalMilliseconds:0} ms | {beside.Share:0.0 %} | {beside.Tcp:0.0 %} "
                + $"| {beside.Queueing.TotalMilliseconds:0} ms | {again.Udp:0.0 %} |\n");
        }
        finally
        {
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
        }
    }

    private async Task<string> MeasureMixedAsync(BottleneckOptions line)
    {
        string[] outputs = [Path.Combine(folder, "by-tcp"), Path.Combine(folder, "by-utp")];
        try
        {
            using Bottleneck bottleneck = new(line);
            await using FreshetClient seeder = new(folder, Options(bottleneck.Near, bottleneck.NearAddress) with { TcpToo = true });
            await seeder.SeedAsync(torrent, torrent.DataFolder);
            await using FreshetClient tcp = new(folder, Options(bottleneck.Far, bottleneck.FarAddress) with { Utp = false })
            {
                Peers = [seeder.EndPoint],
            };
            await using FreshetClient utp = new(folder, Options(bottleneck.Far, bottleneck.FarAddress)) { Peers = [seeder.EndPoint] };
            await tcp.LeechAsync(torrent, outputs[0]);
            await utp.LeechAsync(torrent, outputs[1]);
            BottleneckFigures first = await LookAsync(bottleneck, line, First);
            await Task.Delay(BeforeShared);
            BottleneckFigures shared = await LookAsync(bottleneck, line, First);
            return string.Create(
                CultureInfo.InvariantCulture,
                $"| {Name(line)} | {first.Share:0.0 %} | {first.Udp + first.Tcp:0.0 %} | {shared.Share:0.0 %} "
                + $"| {shared.Udp + shared.Tcp:0.0 %} |\n");
        }
        finally
        {
            foreach (string output in outputs.Where(Directory.Exists))
                Directory.Delete(output, recursive: true);
        }
    }

    private static string Name(BottleneckOptions line)
    {
        string name = string.Create(
            CultureInfo.InvariantCulture, $"{line.Megabits:N0} Mbit/s, {line.RoundTrip.TotalMilliseconds:0} ms");
        if (line.Loss > 0)
            name += string.Create(CultureInfo.InvariantCulture, $", {line.Loss:0.## %} lost");
        if (line.Reordered > 0)
            name += string.Create(CultureInfo.InvariantCulture, $", {line.Reordered:0.## %} reordered");
        return name;
    }

    private static ClientOptions Options(Interop.Running.NetworkNamespace network, IPAddress address) =>
        new() { Utp = true, Network = network, Address = address };

    private static async Task<BottleneckFigures> LookAsync(Bottleneck bottleneck, BottleneckOptions line, TimeSpan measured)
    {
        await Task.Delay(Settling);
        (long udp, long tcp) = (bottleneck.Forward.Udp, bottleneck.Forward.Tcp);
        List<TimeSpan> queueing = [];
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed < measured)
        {
            await Task.Delay(Look);
            queueing.Add(bottleneck.Forward.Queueing);
        }

        double possible = line.BytesPerSecond * clock.Elapsed.TotalSeconds;
        queueing.Sort();
        return new BottleneckFigures(
            (bottleneck.Forward.Udp - udp) / possible,
            (bottleneck.Forward.Tcp - tcp) / possible,
            queueing[(int)(queueing.Count * 0.98)]);
    }
}

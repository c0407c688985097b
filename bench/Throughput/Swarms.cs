using System.Net;
using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// One leecher and many fast seeds. Near the end, it may request the same blocks from several of them; what arrives twice is sent in vain.
/// </summary>
internal sealed class Swarms(SampleTorrent torrent, string folder, int seedCount)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    public IEnumerable<Contender> Contenders() =>
    [
        new Contender(ClientKind.Freshet, first => MeasureAsync(peers => new FreshetClient(folder) { Peers = peers }, first)),
        new Contender(ClientKind.Libtorrent, first => MeasureAsync(_ => new LibtorrentClient(folder), first)),
    ];

    private async Task<Figures> MeasureAsync(Func<IReadOnlyList<IPEndPoint>, PeerClient> create, bool compare)
    {
        string output = Path.Combine(folder, "output");
        await using Seeds seeds = await Seeds.StartAsync(torrent, seedCount);
        try
        {
            double began, ended;
            ProcessUsage usage;
            long? twice;
            await using (PeerClient leecher = create(seeds.EndPoints))
            {
                began = PeerClient.Now;
                await leecher.LeechAsync(torrent, output);
                ProcessMeter meter = new(leecher.ProcessId);
                foreach (IPEndPoint seed in leecher.CanDial ? seeds.EndPoints : [])
                    await leecher.DialAsync(seed);
                await leecher.WaitCompleteAsync(Bound);
                ended = leecher.CompletedAt;
                usage = await meter.StopAsync();
                twice = await leecher.WastedAsync();
                if (compare && torrent.Differences(output) is { Count: > 0 } differences)
                    throw new InvalidOperationException("the copy differs: " + differences[0]);
            }

            return new Figures
            {
                Wall = ended - began,
                Cpu = usage.Cpu.TotalSeconds,
                PeakResident = usage.PeakResident,
                PeakAnonymous = usage.Anonymous,
                Twice = twice / (double)torrent.Length,
                Wasted = ((await seeds.SentAsync()) / (double)torrent.Length) - 1,
            };
        }
        finally
        {
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
        }
    }
}

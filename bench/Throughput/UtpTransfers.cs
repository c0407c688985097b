using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// One seeder, one leecher and one connection over uTP: Freshet and libtorrent with themselves and with each other; the leecher dials. CPU
/// time and memory are the sums of both processes, from the moment when both are up.
/// </summary>
internal sealed class UtpTransfers(SampleTorrent torrent, string folder)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);
    private static readonly ClientOptions Utp = new() { Utp = true };

    public IEnumerable<Contender> Contenders() =>
    [
        Pair(ClientKind.Freshet, ClientKind.Freshet),
        Pair(ClientKind.Libtorrent, ClientKind.Libtorrent),
        Pair(ClientKind.Freshet, ClientKind.Libtorrent),
        Pair(ClientKind.Libtorrent, ClientKind.Freshet),
    ];

    // A pair with Freshet counts as Freshet.
    private Contender Pair(ClientKind seeder, ClientKind leecher) => new(
        seeder == ClientKind.Libtorrent && leecher == ClientKind.Libtorrent ? ClientKind.Libtorrent : ClientKind.Freshet,
        $"{seeder} to {leecher}".ToLowerInvariant(),
        first => MeasureAsync(seeder, leecher, first));

    private async Task<Figures> MeasureAsync(ClientKind from, ClientKind to, bool compare)
    {
        string output = Path.Combine(folder, "output");
        try
        {
            await using PeerClient seeder = InstalledClients.Create(from, folder, Utp);
            await seeder.SeedAsync(torrent, torrent.DataFolder);
            await using PeerClient leecher = to == ClientKind.Freshet
                ? new FreshetClient(folder, Utp) { Peers = [seeder.EndPoint] }
                : InstalledClients.Create(to, folder, Utp);
            ProcessMeter seederMeter = new(seeder.ProcessId);
            await leecher.LeechAsync(torrent, output);
            ProcessMeter leecherMeter = new(leecher.ProcessId);
            double began = PeerClient.Now;
            if (leecher.CanDial)
                await leecher.DialAsync(seeder.EndPoint);
            await leecher.WaitCompleteAsync(Bound);
            ProcessUsage seeding = await seederMeter.StopAsync();
            ProcessUsage leeching = await leecherMeter.StopAsync();
            if (compare && torrent.Differences(output) is { Count: > 0 } differences)
                throw new InvalidOperationException("the copy differs: " + differences[0]);
            return new Figures
            {
                Wall = leecher.CompletedAt - began,
                Cpu = seeding.Cpu.TotalSeconds + leeching.Cpu.TotalSeconds,
                PeakResident = seeding.PeakResident + leeching.PeakResident,
                PeakAnonymous = seeding.Anonymous + leeching.Anonymous,
            };
        }
        finally
        {
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
        }
    }
}

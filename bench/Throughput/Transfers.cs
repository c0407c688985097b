using System.Net;
using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// One seeder, one leecher and one TCP connection, plain or fully RC4-encrypted, over a line if requested. The client that is measured
/// faces libtorrent, which dials, since not all other clients can, and reports when the first payload byte arrived.
/// </summary>
internal sealed class Transfers(
    SampleTorrent torrent, string folder, BenchOptions bench, ClientEncryption encryption = ClientEncryption.Plain)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    private static readonly ClientKind[] Clients =
        [ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Aria2, ClientKind.RTorrent, ClientKind.Transmission];

    private readonly ClientOptions _options = new() { Encryption = encryption };

    public IEnumerable<Contender> Leechers() => Clients.Select(kind => new Contender(kind, first => LeechAsync(kind, first)));

    public IEnumerable<Contender> Seeders() => Clients.Select(kind => new Contender(kind, first => SeedAsync(kind, first)));

    private async Task<Figures> LeechAsync(ClientKind kind, bool compare)
    {
        await using LibtorrentClient seeder = new(folder, _options);
        await using PeerClient leecher = InstalledClients.Create(kind, folder, _options);
        return await TransferAsync(seeder, leecher, seeder, leecher, compare);
    }

    private async Task<Figures> SeedAsync(ClientKind kind, bool compare)
    {
        await using PeerClient seeder = InstalledClients.Create(kind, folder, _options);
        await using LibtorrentClient leecher = new(folder, _options);
        return await TransferAsync(seeder, leecher, leecher, seeder, compare);
    }

    private async Task<Figures> TransferAsync(
        PeerClient seeder, PeerClient leecher, LibtorrentClient dialer, PeerClient measured, bool compare)
    {
        string output = Path.Combine(folder, "output");
        try
        {
            await seeder.SeedAsync(torrent, torrent.DataFolder);
            PageCache.Prepare(torrent.DataPath, bench.IsCold);
            await leecher.LeechAsync(torrent, output);
            ProcessMeter meter = new(measured.ProcessId);
            double began = PeerClient.Now;
            IPEndPoint dialled = (dialer == seeder ? leecher : seeder).EndPoint;
            await using LineRelay? relay = bench.Line is null ? null : new LineRelay(bench.Line, Loopback.NextAddress(), dialled);
            await dialer.DialAsync(relay?.EndPoint ?? dialled);
            await leecher.WaitCompleteAsync(Bound);
            double ended = leecher.CompletedAt;
            ProcessUsage usage = await meter.StopAsync();
            if (compare && torrent.Differences(output) is { Count: > 0 } differences)
                throw new InvalidOperationException("the copy differs: " + differences[0]);
            return new Figures
            {
                Wall = ended - began,
                Ideal = bench.Line?.IdealSeconds(torrent.Length),
                Transfer = ended - (dialer.FirstByteAt ?? began),
                Cpu = usage.Cpu.TotalSeconds,
                PeakResident = usage.PeakResident,
                PeakAnonymous = usage.Anonymous,
            };
        }
        finally
        {
            if (Directory.Exists(output))
                Directory.Delete(output, recursive: true);
        }
    }
}

using System.Globalization;
using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// Verification of complete data. Freshet and aria2 are measured as whole processes, including their start; the others have no such command
/// and are told to verify again while they run.
/// </summary>
internal sealed class Checks(SampleTorrent torrent, string folder)
{
    public IEnumerable<Contender> Contenders()
    {
        yield return new Contender(
            ClientKind.Freshet, _ => RunAsync([.. FreshetExecutable.Command, "verify", torrent.TorrentPath, torrent.DataFolder]));
        yield return new Contender(ClientKind.Libtorrent, _ => RecheckAsync(new LibtorrentClient(folder)));
        int threads = Environment.ProcessorCount;
        yield return new Contender(
            ClientKind.Libtorrent,
            string.Create(CultureInfo.InvariantCulture, $"libtorrent, {threads} hashing threads"),
            _ => RecheckAsync(new LibtorrentClient(folder) { HashingThreads = threads }));
        yield return new Contender(ClientKind.RTorrent, _ => RecheckAsync(new RTorrentClient(folder)));
        yield return new Contender(ClientKind.Transmission, _ => RecheckAsync(new TransmissionClient(folder)));
        yield return new Contender(ClientKind.Aria2, _ => RunAsync(["aria2c", "--no-conf", "--check-integrity=true",
            "--hash-check-only=true", "--enable-dht=false", "--enable-dht6=false", "--bt-enable-lpd=false", "--interface=127.0.0.1",
            "--disable-ipv6=true", "--seed-time=0", "-d", torrent.DataFolder, torrent.TorrentPath]));
    }

    private Task<Figures> RunAsync(IReadOnlyList<string> command)
    {
        PageCache.Settle(torrent.DataPath);
        return MeasuredCommand.RunAsync(folder, command);
    }

    private async Task<Figures> RecheckAsync(PeerClient client)
    {
        await using PeerClient owned = client;
        await client.SeedAsync(torrent, torrent.DataFolder);
        PageCache.Settle(torrent.DataPath);
        ProcessMeter meter = new(client.ProcessId);
        double seconds = await client.RecheckAsync();
        ProcessUsage usage = await meter.StopAsync();
        return new Figures
        {
            Wall = seconds,
            Cpu = usage.Cpu.TotalSeconds,
            PeakResident = usage.PeakResident,
            PeakAnonymous = usage.Anonymous,
        };
    }
}

using Freshet.Core.Rates;
using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// One seed without a limit and many leechers that do not exchange anything: how long until all are complete. The leechers are sessions of
/// this process.
/// </summary>
internal sealed class Serves(SampleTorrent torrent, string folder, BenchOptions options)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(10);

    private static readonly ClientKind[] Clients =
        [ClientKind.Freshet, ClientKind.Libtorrent, ClientKind.Aria2, ClientKind.RTorrent, ClientKind.Transmission];

    public IEnumerable<Contender> Contenders() => Clients.Select(kind => new Contender(kind, _ => MeasureAsync(kind)));

    private async Task<Figures> MeasureAsync(ClientKind kind)
    {
        await using PeerClient seed = InstalledClients.Create(kind, folder, new ClientOptions());
        await seed.SeedAsync(torrent, torrent.DataFolder);
        PageCache.Prepare(torrent.DataPath, options.IsCold);
        List<Session> sessions = [];
        try
        {
            ProcessMeter meter = new(seed.ProcessId);
            double began = PeerClient.Now;
            List<Task> completions = [];
            for (int i = 0; i < options.Leechers; i++)
            {
                Session session = await StartAsync(CopyOf(i));
                sessions.Add(session);
                TorrentOptions of = new() { Peers = [seed.EndPoint] };
                completions.Add((await session.AddAsync(TorrentSource.File(torrent.TorrentPath), of)).Completion);
            }

            await Task.WhenAll(completions).WaitAsync(Bound);
            double ended = PeerClient.Now;
            ProcessUsage usage = await meter.StopAsync();
            return new Figures
            {
                Wall = ended - began,
                Cpu = usage.Cpu.TotalSeconds,
                PeakResident = usage.PeakResident,
                PeakAnonymous = usage.Anonymous,
            };
        }
        finally
        {
            foreach (Session session in sessions)
                await session.DisposeAsync();
            for (int i = 0; i < options.Leechers; i++)
            {
                if (Directory.Exists(CopyOf(i)))
                    Directory.Delete(CopyOf(i), recursive: true);
            }
        }
    }

    private string CopyOf(int leecher) => Path.Combine(folder, $"leecher{leecher}");

    // They must not upload to each other, since the seed is what is measured.
    private static Task<Session> StartAsync(string copy) => Session.StartAsync(new SessionOptions
    {
        DownloadFolder = Directory.CreateDirectory(copy).FullName,
        StateFolder = null,
        BindAddress = Loopback.NextAddress(),
        ListenPort = 0,
        DiskThreads = 1,
        MaxUploadRate = new DataRate(1024),
    });
}

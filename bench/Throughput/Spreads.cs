using System.Net;
using Freshet.Core.Rates;
using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// One seed, limited to <see cref="SeedRate"/>, and many unlimited leechers that know each other: how long until all are complete, and how
/// often the seed sends the data. Freshet's leechers are sessions of this process, so CPU and memory are those of the whole process.
/// </summary>
internal sealed class Spreads(SampleTorrent torrent, string folder, int leechers)
{
    public static readonly DataRate SeedRate = DataRate.FromMiB(8);

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(5);

    public IEnumerable<Contender> Contenders() =>
    [
        new Contender(ClientKind.Freshet, "freshet to freshet", _ => MeasureOursAsync()),
        new Contender(ClientKind.Freshet, "freshet to libtorrent", _ => MeasureTheirsAsync(oursSeeds: true)),
        new Contender(ClientKind.Libtorrent, "libtorrent to libtorrent", _ => MeasureTheirsAsync(oursSeeds: false)),
    ];

    private async Task<Figures> MeasureOursAsync()
    {
        (Session session, Torrent source) = await SeedAsync();
        await using Session _ = session;
        List<Session> sessions = [];
        List<Torrent> torrents = [];
        List<IPEndPoint> endPoints = [session.ListenEndPoints[0]];
        try
        {
            ProcessMeter meter = new(Environment.ProcessId);
            double began = PeerClient.Now;
            for (int i = 0; i < leechers; i++)
            {
                Session leecher = await StartAsync(Path.Combine(folder, $"leecher{i}"), rate: null);
                sessions.Add(leecher);
                TorrentOptions options = new() { Peers = [.. endPoints] };
                torrents.Add(await leecher.AddAsync(TorrentSource.File(torrent.TorrentPath), options));
                endPoints.Add(leecher.ListenEndPoints[0]);
            }

            await Task.WhenAll(torrents.Select(leecher => leecher.Completion)).WaitAsync(Bound);
            return FiguresOf(PeerClient.Now - began, await meter.StopAsync(), source.Status.Uploaded.Bytes);
        }
        finally
        {
            foreach (Session leecher in sessions)
                await leecher.DisposeAsync();
            DeleteCopies();
        }
    }

    private async Task<Figures> MeasureTheirsAsync(bool oursSeeds)
    {
        List<LibtorrentClient> clients = [];
        Session? session = null;
        try
        {
            for (int i = 0; i < leechers; i++)
            {
                LibtorrentClient client = new(folder);
                clients.Add(client);
                await client.LeechAsync(torrent, Path.Combine(folder, $"leecher{i}"));
            }

            Torrent? source = null;
            LibtorrentClient? theirs = null;
            if (oursSeeds)
            {
                (session, source) = await SeedAsync();
            }
            else
            {
                theirs = new LibtorrentClient(folder, new ClientOptions { UploadLimit = SeedRate.BytesPerSecond });
                clients.Add(theirs);
                await theirs.SeedAsync(torrent, torrent.DataFolder);
            }

            IPEndPoint seed = session?.ListenEndPoints[0] ?? theirs!.EndPoint;
            ProcessMeter meter = new(theirs?.ProcessId ?? Environment.ProcessId);
            double began = PeerClient.Now;
            for (int i = 0; i < leechers; i++)
            {
                await clients[i].DialAsync(seed);
                for (int j = 0; j < i; j++)
                    await clients[i].DialAsync(clients[j].EndPoint);
            }

            await Task.WhenAll(clients.Take(leechers).Select(client => client.WaitCompleteAsync(Bound)));
            double ended = clients.Take(leechers).Max(client => client.CompletedAt);
            long sent = source?.Status.Uploaded.Bytes ?? await theirs!.UploadedAsync();
            return FiguresOf(ended - began, await meter.StopAsync(), sent);
        }
        finally
        {
            foreach (LibtorrentClient client in clients)
                await client.DisposeAsync();
            if (session is not null)
                await session.DisposeAsync();
            DeleteCopies();
        }
    }

    private Figures FiguresOf(double seconds, ProcessUsage usage, long sent) => new()
    {
        Wall = seconds,
        Cpu = usage.Cpu.TotalSeconds,
        PeakResident = usage.PeakResident,
        PeakAnonymous = usage.Anonymous,
        Wasted = (sent / (double)torrent.Length) - 1,
    };

    private async Task<(Session Session, Torrent Torrent)> SeedAsync()
    {
        Session session = await StartAsync(torrent.DataFolder, SeedRate);
        Torrent added = await session.AddAsync(TorrentSource.File(torrent.TorrentPath));
        await added.Completion.WaitAsync(Bound);
        return (session, added);
    }

    private static Task<Session> StartAsync(string data, DataRate? rate)
    {
        Directory.CreateDirectory(data);
        return Session.StartAsync(new SessionOptions
        {
            DownloadFolder = data,
            StateFolder = null,
            BindAddress = Loopback.NextAddress(),
            ListenPort = 0,
            DiskThreads = 1,
            BlockPoolSize = ByteSize.FromMiB(16),
            MaxUploadRate = rate,
        });
    }

    private void DeleteCopies()
    {
        for (int i = 0; i < leechers; i++)
        {
            string copy = Path.Combine(folder, $"leecher{i}");
            if (Directory.Exists(copy))
                Directory.Delete(copy, recursive: true);
        }
    }
}

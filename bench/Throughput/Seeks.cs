using System.Globalization;
using System.Net;
using Freshet.Core.Pieces;
using Freshet.Core.Rates;
using Freshet.Interop.Clients;
using Freshet.Interop.Running;
using Freshet.Interop.Torrents;

namespace Freshet.Throughput;

/// <summary>
/// How long a player waits after a seek: a client downloads from a few seeds, each over its own line, and is asked repeatedly for a
/// position where it has nothing yet. Freshet reads one byte of its stream; libtorrent gets deadlines for the pieces of the following
/// seconds and reads the first. Both get the same positions.
/// </summary>
internal sealed class Seeks(SampleTorrent torrent, string folder, BenchOptions options)
{
    private const int SeedCount = 4;
    private const int SeeksPerRun = 12;
    private const int PiecesAhead = 16;

    private static readonly Line DefaultLine = new(DataRate.FromMiB(2), TimeSpan.FromMilliseconds(50));
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PlayFor = TimeSpan.FromSeconds(1);

    // As for a player of 1 MiB/s that starts immediately.
    private static readonly TimeSpan BetweenDeadlines = TimeSpan.FromSeconds(1);

    private readonly Line _line = options.Line ?? DefaultLine;
    private readonly int _pieceCount = (int)((torrent.Length + options.PieceLength - 1) / options.PieceLength);

    /// <summary>Measures both clients in turn, and returns the table.</summary>
    public async Task<string> RunAsync()
    {
        List<double> ours = [];
        List<double> theirs = [];
        for (int run = 0; run < options.Runs; run++)
        {
            if (options.Wants(ClientKind.Freshet))
                ours.AddRange(await MeasureOursAsync(run));
            if (options.Wants(ClientKind.Libtorrent))
                theirs.AddRange(await MeasureTheirsAsync(run));
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"""

            ### seek, {SeedCount} seeds, lines of {_line.Rate}, {_line.RoundTrip.TotalMilliseconds:0} ms, pieces of {options.PieceKiB} KiB

            | client | seeks | median ms | p95 ms | longest ms |
            |---|---|---|---|---|
            {Row("freshet", ours)}
            {Row("libtorrent", theirs)}
            """);
    }

    private static string Row(string client, List<double> seconds)
    {
        if (seconds.Count == 0)
            return $"| {client} | 0 | | | |";
        double[] sorted = [.. seconds.Select(static second => second * 1000).Order()];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {client} | {sorted.Length} | {sorted[sorted.Length / 2]:0} | {sorted[sorted.Length * 95 / 100]:0} | {sorted[^1]:0} |");
    }

    private async Task<List<double>> MeasureOursAsync(int run)
    {
        await using Swarm swarm = await Swarm.StartAsync(torrent, _line);
        string copy = Directory.CreateDirectory(Path.Combine(folder, "output")).FullName;
        try
        {
            await using Session session = await Session.StartAsync(new SessionOptions
            {
                DownloadFolder = copy,
                StateFolder = null,
                BindAddress = Loopback.NextAddress(),
                ListenPort = 0,
            });
            Torrent leech = await session.AddAsync(
                TorrentSource.File(torrent.TorrentPath), new TorrentOptions { Peers = [.. swarm.EndPoints] });
            await Wait.UntilAsync(() => Task.FromResult(leech.Pieces.Count >= SeedCount), Bound, () => "the download is under way");
            await using Stream stream = leech.OpenRead(0);
            return await SeekAsync("freshet", run, async piece =>
            {
                if (leech.Pieces[piece])
                    return null;
                double began = PeerClient.Now;
                stream.Position = (long)piece.Value * options.PieceLength;
                await stream.ReadExactlyAsync(new byte[1]);
                return PeerClient.Now - began;
            });
        }
        finally
        {
            Directory.Delete(copy, recursive: true);
        }
    }

    private async Task<List<double>> MeasureTheirsAsync(int run)
    {
        await using Swarm swarm = await Swarm.StartAsync(torrent, _line);
        string copy = Path.Combine(folder, "output");
        try
        {
            await using LibtorrentClient client = new(folder);
            await client.LeechAsync(torrent, copy);
            foreach (IPEndPoint seed in swarm.EndPoints)
                await client.DialAsync(seed);
            await Wait.UntilAsync(async () => await client.PiecesAsync() >= SeedCount, Bound, () => "the download is under way");
            return await SeekAsync("libtorrent", run, piece => client.SeekAsync(piece.Value, PiecesAhead, BetweenDeadlines));
        }
        finally
        {
            if (Directory.Exists(copy))
                Directory.Delete(copy, recursive: true);
        }
    }

    // The positions of a run are the same for both; those already present are skipped.
    private async Task<List<double>> SeekAsync(string client, int run, Func<PieceIndex, Task<double?>> seekAsync)
    {
        Random random = new(run);
        List<double> times = [];
        while (times.Count < SeeksPerRun)
        {
            PieceIndex piece = new(random.Next(_pieceCount - PiecesAhead));
            if (await seekAsync(piece).WaitAsync(Bound) is not { } seconds)
                continue;
            times.Add(seconds);
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seek {run + 1} {client}: {seconds * 1000:0} ms"));
            await Task.Delay(PlayFor);
        }

        return times;
    }

    /// <summary>The seeds, and their lines.</summary>
    private sealed class Swarm : IAsyncDisposable
    {
        private readonly Seeds _seeds;
        private readonly List<LineRelay> _lines = [];

        private Swarm(Seeds seeds) => _seeds = seeds;

        public IEnumerable<IPEndPoint> EndPoints => _lines.Select(line => line.EndPoint);

        public static async Task<Swarm> StartAsync(SampleTorrent torrent, Line line)
        {
            Swarm swarm = new(await Seeds.StartAsync(torrent, SeedCount));
            foreach (IPEndPoint seed in swarm._seeds.EndPoints)
                swarm._lines.Add(new LineRelay(line, Loopback.NextAddress(), seed));
            return swarm;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (LineRelay line in _lines)
                await line.DisposeAsync();
            await _seeds.DisposeAsync();
        }
    }
}

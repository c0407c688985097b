using Freshet.Interop.Clients;
using Freshet.Interop.Torrents;
using Freshet.Throughput.Bottlenecks;

namespace Freshet.Throughput;

/// <summary>Runs the requested measurements on one sample, prints a line for each, and then the table.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private const string Memory = "/dev/shm";

    private readonly BenchOptions _options;
    private readonly string _folder;
    private readonly SampleTorrent _torrent;

    private Bench(BenchOptions options, string folder)
    {
        _options = options;
        _folder = folder;
        SampleFile file = new(options.Length);
        _torrent = SampleTorrents.Make(folder, $"random-{options.SizeMiB}.bin", options.PieceLength, [file]);
    }

    /// <summary>The number of measurements that failed.</summary>
    public int Failures { get; private set; }

    public static Bench Prepare(BenchOptions options)
    {
        string parent = options.WorkFolder ?? DefaultParent(options);
        string folder = Path.Combine(parent, $"freshet-throughput-{Environment.ProcessId}");
        Console.Error.WriteLine($"{options.SizeMiB} MiB in pieces of {options.PieceKiB} KiB, {options.Runs} runs, data in {folder}");
        Directory.CreateDirectory(folder);
        return new Bench(options, folder);
    }

    public async Task RunAsync(string what)
    {
        Task<string>? table = what switch
        {
            "seek" => new Seeks(_torrent, _folder, _options).RunAsync(),
            "bottleneck" => new BottleneckBench(_torrent, _folder, _options).RunAsync(),
            "mixed" => new BottleneckBench(_torrent, _folder, _options).RunMixedAsync(),
            "rates" => new Rates(_torrent, _folder, _options.Picture).RunAsync(),
            _ => null,
        };
        if (table is not null)
        {
            Console.WriteLine(await table);
            return;
        }

        IEnumerable<Contender> contenders = what switch
        {
            "leech" => new Transfers(_torrent, _folder, _options).Leechers(),
            "seed" => new Transfers(_torrent, _folder, _options).Seeders(),
            "leech-rc4" => new Transfers(_torrent, _folder, _options, ClientEncryption.Rc4Required).Leechers(),
            "seed-rc4" => new Transfers(_torrent, _folder, _options, ClientEncryption.Rc4Required).Seeders(),
            "utp" => new UtpTransfers(_torrent, _folder).Contenders(),
            "swarm" => new Swarms(_torrent, _folder, _options.Seeds).Contenders(),
            "serve" => new Serves(_torrent, _folder, _options).Contenders(),
            "spread" => new Spreads(_torrent, _folder, _options.Leechers).Contenders(),
            "check" => new Checks(_torrent, _folder).Contenders(),
            "create" => new Creations(_torrent, _folder, _options.PieceLength).Contenders(),
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "unknown"),
        };
        Contender[] present = [.. contenders.Where(contender => _options.Wants(contender.Kind) && IsPresent(contender))];
        Results results = new(what, _options);
        using Busy busy = new(_options.Busy);
        for (int run = 0; run < _options.Runs; run++)
        {
            // Each run begins with another, since what one leaves behind in caches and free memory is its follower's advantage.
            for (int turn = 0; turn < present.Length; turn++)
                await MeasureAsync(what, present[(run + turn) % present.Length], run, results);
        }

        Console.WriteLine(results.ToMarkdown());
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>
    /// In memory, so that the speed of the disk has no influence; both copies must fit, with some room to spare. Cold data is on a disk.
    /// </summary>
    private static string DefaultParent(BenchOptions options) =>
        !options.IsCold && Directory.Exists(Memory)
        && new DriveInfo(Memory).AvailableFreeSpace > 3 * options.Length ? Memory : Path.GetTempPath();

    // A client that --only names must be there: otherwise a run could succeed without measuring anything.
    private bool IsPresent(Contender contender)
    {
        if (InstalledClients.ReasonMissing(contender.Kind) is not { } reason)
            return true;
        Console.Error.WriteLine($"{contender.Label}: {reason}");
        if (_options.Only.Contains(contender.Kind))
            Failures++;
        return false;
    }

    private async Task MeasureAsync(string what, Contender contender, int run, Results results)
    {
        try
        {
            Figures figures = await contender.MeasureAsync(run == 0);
            results.Add(contender, figures);
            double rate = _options.SizeMiB / figures.Seconds;
            Console.Error.WriteLine($"{what} {run + 1} {contender.Label}: {rate:0} MiB/s, {figures.Cpu:0.00} s of CPU");
        }
        catch (Exception e) when (e is TimeoutException or InvalidOperationException)
        {
            Failures++;
            Console.Error.WriteLine($"{what} {run + 1} {contender.Label} failed: {e.Message}");
        }
    }
}

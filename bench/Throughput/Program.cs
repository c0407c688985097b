using System.CommandLine;
using Freshet.Interop.Clients;
using Freshet.Throughput;

Argument<string[]> what = new("what")
{
    Description =
        "leech, seed, leech-rc4, seed-rc4, utp, bottleneck, mixed, swarm, serve, spread, seek, rates, check and create, any of them",
    Arity = ArgumentArity.OneOrMore,
};
what.AcceptOnlyFromAmong(
    "leech", "seed", "leech-rc4", "seed-rc4", "utp", "bottleneck", "mixed", "swarm", "serve", "spread", "seek", "rates",
    "check", "create");
Option<int> runs = new("--runs") { Description = "How often each is measured", DefaultValueFactory = _ => 3 };
Option<int> size = new("--size") { Description = "MiB of data", DefaultValueFactory = _ => 2048 };
Option<int> seeds = new("--seeds") { Description = "Seeds of the swarm", DefaultValueFactory = _ => 50 };
Option<int> leechers = new("--leechers") { Description = "Leechers that one seed feeds (serve, spread)", DefaultValueFactory = _ => 8 };
Option<string> pieces = new("--piece-size") { Description = "Length of a piece, such as 16KiB or 4MiB", DefaultValueFactory = _ => "1MiB" };
pieces.Validators.Add(result =>
{
    if (PieceSize.KiB(result.GetValueOrDefault<string>()) is null)
        result.AddError("--piece-size is a power of two from 16KiB to 64MiB");
});
Option<string?> line = new("--line")
{
    Description =
        "The line between both clients (leech, seed), or of each seed (seek): MiB a second and milliseconds there and back, such as 20,100",
};
line.Validators.Add(result =>
{
    if (result.GetValueOrDefault<string?>() is { } text && Line.Parse(text) is null)
        result.AddError("--line is MIBPERSECOND,MILLISECONDS, such as 20,100");
});
Option<double> loss = new("--loss") { Description = "Percent of the packets that a bottleneck loses at random (bottleneck)" };
Option<double> reorder = new("--reorder")
{
    Description = "Percent of the packets that up to eight later ones overtake, both ways (bottleneck)",
};
foreach (Option<double> percent in (Option<double>[])[loss, reorder])
{
    percent.Validators.Add(result =>
    {
        if (result.GetValueOrDefault<double>() is not (>= 0 and <= 50))
            result.AddError($"{percent.Name} is a number of percent from 0 to 50");
    });
}

Option<int> busy = new("--busy") { Description = "Processes that keep the machine busy meanwhile" };
Option<bool> cold = new("--cold")
{
    Description = "Drop the seed's data from the page cache before each run (leech, seed, serve); it lies on a disk",
};
Option<ClientKind[]> only = new("--only") { Description = "These clients and no others", AllowMultipleArgumentsPerToken = true };
Option<string?> work = new("--work") { Description = "Where to put the data, for the time being; by default /dev/shm, if it has the room" };
Option<FileInfo?> picture = new("--draw") { Description = "Where to draw rates against time, as SVG (rates)" };

RootCommand root = new("""
    Measures whole client processes over loopback: leeching from one libtorrent seed or from many of our own (swarm), seeding to
    one libtorrent leecher, both plain or RC4, to many leechers (serve), one limited seed that feeds many leechers (spread), Freshet and
    libtorrent over uTP with themselves and each other (utp), uTP over a bottleneck beside the kernel's TCP (bottleneck), or beside TCP of
    the same session (mixed), the wait after a seek (seek), how steadily limits are kept (rates), checking data and creating a torrent. The
    clients take turns within a run, since rates drift; the tables show medians over the runs.
    The freshet measured is the one that the variable FRESHET names, else the one built beside this program.
    """)
{
    what, runs, size, pieces, seeds, leechers, line, loss, reorder, busy, cold, only, work, picture,
};
root.SetAction(async parsed =>
{
    BenchOptions options = new()
    {
        Runs = parsed.GetValue(runs),
        SizeMiB = parsed.GetValue(size),
        PieceKiB = PieceSize.KiB(parsed.GetValue(pieces))!.Value,
        Seeds = parsed.GetValue(seeds),
        Leechers = parsed.GetValue(leechers),
        Line = parsed.GetValue(line) is { } drawn ? Line.Parse(drawn) : null,
        Loss = parsed.GetValue(loss) / 100,
        Reordered = parsed.GetValue(reorder) / 100,
        Busy = parsed.GetValue(busy),
        IsCold = parsed.GetValue(cold),
        Only = parsed.GetValue(only) ?? [],
        WorkFolder = parsed.GetValue(work),
        Picture = parsed.GetValue(picture)?.FullName,
    };
    await using Bench bench = Bench.Prepare(options);
    foreach (string name in parsed.GetValue(what)!.Distinct())
        await bench.RunAsync(name);
    return bench.Failures == 0 ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();

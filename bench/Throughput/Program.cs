using System.CommandLine;
using Freshet.Interop.Clients;
using Freshet.Throughput;

Argument<string[]> what = new("what")
{
    Description = "leech, seed, leech-rc4, seed-rc4, swarm, spread, check and create, any of them",
    Arity = ArgumentArity.OneOrMore,
};
what.AcceptOnlyFromAmong("leech", "seed", "leech-rc4", "seed-rc4", "swarm", "spread", "check", "create");
Option<int> runs = new("--runs") { Description = "How often each is measured", DefaultValueFactory = _ => 3 };
Option<int> size = new("--size") { Description = "MiB of data", DefaultValueFactory = _ => 2048 };
Option<int> seeds = new("--seeds") { Description = "Seeds of the swarm", DefaultValueFactory = _ => 50 };
Option<int> leechers = new("--leechers") { Description = "Leechers that one limited seed feeds (spread)", DefaultValueFactory = _ => 8 };
Option<ClientKind[]> only = new("--only") { Description = "These clients and no others", AllowMultipleArgumentsPerToken = true };
Option<string?> work = new("--work") { Description = "Where to put the data, for the time being; by default /dev/shm, if it has the room" };

RootCommand root = new("""
    Measures whole client processes over loopback: leeching from one libtorrent seed or from many of our own (swarm), seeding to
    one libtorrent leecher, both plain or RC4, one limited seed that feeds many leechers (spread), checking data and creating a
    torrent. The clients take turns within a run, since rates drift; the tables show medians over the runs.
    The freshet measured is the one that the variable FRESHET names, else the one built beside this program.
    """)
{
    what, runs, size, seeds, leechers, only, work,
};
root.SetAction(async parsed =>
{
    BenchOptions options = new(
        parsed.GetValue(runs), parsed.GetValue(size), parsed.GetValue(seeds), parsed.GetValue(leechers), parsed.GetValue(only) ?? [],
        parsed.GetValue(work));
    await using Bench bench = Bench.Prepare(options);
    foreach (string name in parsed.GetValue(what)!.Distinct())
        await bench.RunAsync(name);
    return bench.Failures == 0 ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();

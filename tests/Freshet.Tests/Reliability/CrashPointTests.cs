using Freshet.Core.Pieces;
using Freshet.Disk;
using Freshet.Disk.Files;
using Freshet.FileSystem;
using Freshet.Persistence;
using Freshet.Running;
using Freshet.SimulatedFiles;

namespace Freshet.Tests.Reliability;

/// <summary>
/// A download with several checkpoints is ended at every moment at which the disk changed, in several ways: by a kill or by a power cut,
/// with different parts of what was not flushed. It starts again from what is left, and the result is compared.
/// </summary>
public sealed class CrashPointTests : IAsyncDisposable
{
    private const int TornVariants = 3;

    private readonly CrashSample _sample = new(300_000, 0, 70_001, 500_000, 16_000);
    private readonly FileHandles _files = new(4);
    private readonly DiskServices _services;

    public CrashPointTests() => _services = new DiskServices(
        new DiskService(new DiskServiceOptions { Pool = new BlockPool(16 << 20), Workers = 1 }), _files, SystemFiles.Instance);

    [Fact]
    public async Task Whenever_a_download_ends_what_was_recorded_is_there_and_what_is_believed_is_true()
    {
        await using CrashRun run = await DownloadAsync(new SimulatedFileSystem(), checkpoints: 4);
        run.AssertWhole();
        Assert.Empty(run.Troubles);
        int restarts = 0;
        int again = 0;
        IReadOnlyList<DiskImage> history = run.System.History;
        for (int moment = 0; moment < history.Count; moment++)
        {
            foreach ((Ending ending, int seed) in Endings(moment))
            {
                again += await RestartAsync(run, history[moment], moment, ending, seed);
                restarts++;
            }
        }

        Assert.InRange(history.Count, 200, 5_000);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{history.Count} moments of {run.System.Calls} calls, {restarts} restarts, "
            + $"{again} pieces downloaded again that were not recorded.");
    }

    [Fact]
    public async Task A_start_after_a_crash_may_crash_too()
    {
        await using CrashRun run = await DownloadAsync(new SimulatedFileSystem(), checkpoints: 4);
        IReadOnlyList<DiskImage> history = run.System.History;
        Random random = new(7);
        int restarts = 0;
        for (int first = 5; first < history.Count; first += 37)
        {
            SimulatedFileSystem left = new(history[first].After(Ending.Torn, random));
            await using CrashRun second = await DownloadAsync(left, checkpoints: 2);
            second.AssertWhole();
            IReadOnlyList<DiskImage> moments = left.History;
            for (int moment = random.Next(5); moment < moments.Count; moment += 5)
            {
                await RestartAsync(second, moments[moment], moment, restarts % 3 == 0 ? Ending.Kill : Ending.Torn, restarts);
                restarts++;
            }
        }

        Assert.InRange(restarts, 200, 10_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{restarts} restarts of restarts.");
    }

    [Fact]
    public async Task After_a_kill_and_a_start_a_power_cut_loses_nothing_that_was_recorded_since()
    {
        await using CrashRun run = await DownloadAsync(new SimulatedFileSystem(), checkpoints: 4);
        IReadOnlyList<DiskImage> history = run.System.History;
        int restarts = 0;
        for (int first = FirstWithFolders(history); first < history.Count; first += 41)
        {
            // What the check finds is recorded before anything is downloaded; the run that was killed has flushed little of it.
            SimulatedFileSystem left = new(history[first].After(Ending.Kill, new Random(first))) { KeepsHistory = true };
            await using CrashRun second = CrashRun.Open(left, _sample, _services);
            await second.StartAsync();
            await second.SaveAsync(clean: false);
            await second.DownloadAsync(new Random(first), checkpoints: 2);
            IReadOnlyList<DiskImage> moments = left.History;
            if (LastOf(run.Recorded, first) is { } before)
                second.Recorded.Insert(0, (0, before));
            for (int moment = 0; moment < moments.Count; moment += 7)
            {
                foreach (Ending ending in (Ending[])[Ending.NothingSurvives, Ending.NamesSurvive, Ending.DataSurvives, Ending.Torn])
                {
                    await RestartAsync(second, moments[moment], moment, ending, restarts);
                    restarts++;
                }
            }
        }

        Assert.InRange(restarts, 100, 10_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{restarts} restarts after a kill, a start and a power cut.");
    }

    [Fact]
    public async Task Failed_flushes_vouch_for_nothing_even_if_the_next_one_succeeds()
    {
        int restarts = 0;
        bool hasFailed = true;
        for (int failing = 1; hasFailed; failing++)
        {
            int flushes = 0;
            SimulatedFileSystem system = new()
            {
                Fails = call => call.Operation == FileOperation.Flush && call.Path.StartsWith("/data/", StringComparison.Ordinal)
                    && ++flushes == failing ? Errno.InputOutput : null,
            };
            await using CrashRun run = await DownloadAsync(system, checkpoints: 4);
            hasFailed = run.FlushesFailed;
            IReadOnlyList<DiskImage> history = system.History;
            for (int moment = failing; moment < history.Count; moment += 11)
            {
                await RestartAsync(run, history[moment], moment, (Ending)(restarts % 5), restarts);
                restarts++;
            }

            await RestartAsync(run, history[^1], history.Count - 1, Ending.NothingSurvives, restarts);
        }

        Assert.InRange(restarts, 50, 10_000);
        TestContext.Current.TestOutputHelper?.WriteLine($"{restarts} restarts after flushes that failed.");
    }

    [Fact]
    public async Task Even_after_flushes_that_lie_a_kill_costs_nothing()
    {
        SimulatedFileSystem system = new() { FlushesLie = true };
        await using CrashRun run = await DownloadAsync(system, checkpoints: 4);
        IReadOnlyList<DiskImage> history = system.History;
        for (int moment = 0; moment < history.Count; moment += 7)
            await RestartAsync(run, history[moment], moment, Ending.Kill, moment);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.Disk.DisposeAsync();
        _files.Dispose();
    }

    private static IEnumerable<(Ending Ending, int Seed)> Endings(int moment)
    {
        yield return (Ending.Kill, 0);
        yield return (Ending.NothingSurvives, 0);
        yield return (Ending.NamesSurvive, 0);
        yield return (Ending.DataSurvives, 0);
        for (int i = 0; i < TornVariants; i++)
            yield return (Ending.Torn, (moment * TornVariants) + i);
    }

    private static int FirstWithFolders(IReadOnlyList<DiskImage> history) => Enumerable.Range(0, history.Count)
        .First(moment => history[moment].DurableNames.ContainsKey("/data") && history[moment].DurableNames.ContainsKey("/state"));

    private async Task<CrashRun> DownloadAsync(SimulatedFileSystem system, int checkpoints)
    {
        system.KeepsHistory = true;
        CrashRun run = CrashRun.Open(system, _sample, _services);
        await run.StartAsync();
        await run.DownloadAsync(new Random(3), checkpoints);
        return run;
    }

    /// <summary>
    /// Starts on what is left of a moment, downloads the rest, and returns how many verified pieces had to be downloaded again.
    /// </summary>
    private async Task<int> RestartAsync(CrashRun before, DiskImage image, int moment, Ending ending, int seed)
    {
        string where = $"moment {moment}, {ending}, seed {seed}";
        SimulatedFileSystem left = new(image.After(ending, new Random(seed)));
        await using CrashRun run = CrashRun.Open(left, _sample, _services);
        ResumePlan.Go plan = Assert.IsType<ResumePlan.Go>(run.Plan);
        for (int i = 0; i < plan.Have.Length; i++)
            Assert.True(!plan.Have[new PieceIndex(i)] || run.Holds(new PieceIndex(i)), $"Piece {i} is believed but wrong: {where}");

        // If flushes failed, a file may be older than recorded: then all of it is read again.
        if (!before.FlushesFailed)
            AssertKnown(before.Recorded, moment, plan.Have, $"was recorded but is not believed: {where}");
        await run.StartAsync();
        Bitfield known = plan.Have.Clone();
        foreach (PieceIndex piece in run.FoundGood)
            known.Add(piece);
        AssertKnown(before.Recorded, moment, known, $"was recorded but is lost: {where}");
        if (ending == Ending.Kill)
            AssertKnown(before.Verified, moment, known, $"was verified but is lost: {where}");

        await run.DownloadAsync(new Random(seed), checkpoints: 1);
        run.AssertWhole();
        Assert.Empty(run.Troubles);
        Assert.Equal(_sample.Layout.PieceCount - known.Count, run.Downloaded);
        return LastOf(before.Verified, moment) is { } verified ? CountMissing(verified, known) : 0;
    }

    private static void AssertKnown(List<(int Moment, Bitfield Pieces)> list, int moment, Bitfield known, string what)
    {
        if (LastOf(list, moment) is not { } expected)
            return;
        for (int i = 0; i < expected.Length; i++)
            Assert.True(!expected[new PieceIndex(i)] || known[new PieceIndex(i)], $"Piece {i} {what}");
    }

    // What was reported when the disk had seen no more than this: its changes up to the moment, and this one.
    private static Bitfield? LastOf(List<(int Moment, Bitfield Pieces)> list, int moment) =>
        list.LastOrDefault(entry => entry.Moment <= moment + 1).Pieces;

    private static int CountMissing(Bitfield expected, Bitfield known) =>
        Enumerable.Range(0, expected.Length).Count(i => expected[new PieceIndex(i)] && !known[new PieceIndex(i)]);
}

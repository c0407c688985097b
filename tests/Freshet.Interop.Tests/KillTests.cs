using System.Globalization;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A download is killed (SIGKILL) again and again, with a checkpoint each second, two of five times in the middle of a checkpoint of pieces
/// that it has just downloaded; the log of strace says at which call, and on which thread. What the record vouches for is on disk at every
/// death; it is there at the next start, and is not asked for again. The variable <c>FRESHET_KILLS</c> says how many kills, of plans drawn
/// anew; <c>FRESHET_KILL_SEED</c> draws the same plans again; docs/reliability.md has the figures. What is on disk at a death, recorded or
/// not, is not asked for again either.
/// </summary>
[Collection(nameof(Alone))]
public class KillTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const int UsualKills = 20;
    private const int UsualSeed = 1;

    /// <summary>With this many kills, each step of a checkpoint is certain to be hit.</summary>
    private const int KillsForEachStep = 100;

    /// <summary>The time for 16 KiB: some 3 MiB/s at most, so that a download takes several lives.</summary>
    private static readonly TimeSpan BetweenBlocks = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// A victim that neither died at its system call nor completed the download is killed after this time. On a busy machine it takes long
    /// to reach that call.
    /// </summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(60);

    private int _recordedAtMost;
    private readonly Dictionary<CheckpointStep, int> _killsAtSteps = [];
    private readonly HashSet<string> _threads = [];
    private HashSet<int> _onDisk = [];
    private int _killsAtStart;
    private int _killsWithRecord;
    private int _downloads;

    private string State => Path.Combine(Work, "state");

    private string Folder => NewFolder("freshet");

    [Fact]
    public Task Nothing_recorded_is_lost_or_downloaded_again_and_nothing_missing_is_recorded() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet);
        Requires.That(SystemCallKill.ReasonMissing is null, SystemCallKill.ReasonMissing ?? "");
        int? wanted = Number("FRESHET_KILLS");
        int kills = wanted ?? UsualKills;
        int seed = Number("FRESHET_KILL_SEED") ?? (wanted is null ? UsualSeed : Random.Shared.Next());
        Random random = new(seed);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, (20 * MiB) + 54_321, pieceLength: 64 * 1024);
        TorrentPieces pieces = new(torrent);
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        for (int kill = 1; kill <= kills; kill++)
        {
            KillPlan plan = KillPlan.Next(random, kill, State, Folder, torrent);
            string which = $"kill {kill} of {kills}, {plan}, FRESHET_KILL_SEED={seed}";
            HashSet<int> before = RecordedPieces.Read(State, torrent, pieces.Count);
            source.TakeAsked();
            bool completed = await LiveAndDieAsync(source, torrent, pieces, before, plan, which);
            int kept = RequireKept(torrent, pieces, before, source.TakeAsked(), which);
            if (completed)
            {
                BeginAnew(torrent);
                kill--;
                Assert.True(_downloads <= kills, $"{which}: {_downloads} downloads were completed, so hardly any victim died as planned");
            }
            else if (kept > 0)
            {
                _killsWithRecord++;
            }
        }

        source.TakeAsked();
        HashSet<int> recorded = RecordedPieces.Read(State, torrent, pieces.Count);
        FreshetClient last = await StartAsync(source, torrent, []);
        Assert.Equal(0, await last.ExitAsync(Patience));
        Assert.Empty(source.TakeAsked().Intersect(recorded.Union(_onDisk)));
        Assert.Empty(torrent.Differences(Folder));
        int inCheckpoints = _killsAtSteps.Values.Sum();
        string steps = string.Join(", ", _killsAtSteps.OrderBy(step => step.Key).Select(step => $"{step.Key} {step.Value}"));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills with seed {seed}: {inCheckpoints} in a checkpoint of new pieces ({steps}; on {string.Join(", ", _threads)}), "
            + $"{_killsAtStart} at the record of a start, {_killsWithRecord} with a record, of up to {_recordedAtMost} of {pieces.Count} "
            + $"pieces; {_downloads + 1} downloads were completed.");
        Assert.True(inCheckpoints >= kills / 4, $"only {inCheckpoints} of {kills} kills were in a checkpoint of new pieces: {steps}");
        if (kills >= KillsForEachStep)
            Assert.All(Enum.GetValues<CheckpointStep>().Skip(1), step => Assert.Contains(step, _killsAtSteps));
        Assert.True(_killsWithRecord >= kills / 4, $"only {_killsWithRecord} of {kills} kills left a record with pieces");
    });

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>
    /// What was recorded is still recorded, nothing that was on disk was requested again, and everything that is recorded is on disk.
    /// </summary>
    /// <returns>How many pieces are recorded.</returns>
    private int RequireKept(SampleTorrent torrent, TorrentPieces pieces, HashSet<int> before, HashSet<int> asked, string which)
    {
        HashSet<int> now = RecordedPieces.Read(State, torrent, pieces.Count);
        byte[] disk = pieces.ReadAll(Folder);
        Assert.True(before.IsSubsetOf(now), $"{which}: pieces {string.Join(' ', before.Except(now))} were recorded but are not any more");
        Assert.True(
            !before.Overlaps(asked), $"{which}: pieces {string.Join(' ', before.Intersect(asked))} were recorded but requested again");
        int[] again = [.. _onDisk.Intersect(asked)];
        Assert.True(again.Length == 0, $"{which}: pieces {string.Join(' ', again)} were on disk but requested again");
        _onDisk = [.. Enumerable.Range(0, pieces.Count).Where(piece => pieces.IsGood(disk, piece))];
        int[] wrong = [.. now.Except(_onDisk)];
        Assert.True(wrong.Length == 0, $"{which}: pieces {string.Join(' ', wrong)} are recorded but not on disk");
        _recordedAtMost = Math.Max(_recordedAtMost, now.Count);
        return now.Count;
    }

    /// <returns>Whether it completed the download before it was to die.</returns>
    private async Task<bool> LiveAndDieAsync(
        RecordingSeed source, SampleTorrent torrent, TorrentPieces pieces, HashSet<int> before, KillPlan plan, string which)
    {
        FreshetClient victim = await StartAsync(source, torrent, plan is { Call: { } atStart, IsAfterRecord: false } ? atStart.Runner : []);
        if (plan.Call is null)
        {
            // The random moment is the point: some die as they start, others as they check, others as they download.
            await victim.EndsWithinAsync(plan.Life!.Value);
            if (!victim.HasEnded)
                await victim.KillAsync();
        }
        else if (plan.IsAfterRecord)
        {
            await victim.UntilEndOrAsync(() => !RecordedPieces.Read(State, torrent, pieces.Count).IsSubsetOf(before), Patience);
            if (!victim.HasEnded)
                await DieAtStepAsync(victim, torrent, plan.Call, which);
        }
        else if (!await victim.EndsWithinAsync(LongestLife))
        {
            SystemCallKill.KillTraceeOf(victim.ProcessId);
        }
        else if (victim.ExitCode == SystemCallKill.ExitCode)
        {
            _killsAtStart++;
        }

        int exitCode = await victim.ExitAsync(Patience);
        Assert.True(exitCode is 0 or SystemCallKill.ExitCode, $"it ended with {exitCode}, neither complete nor killed\n{victim.Log}");
        await victim.DisposeAsync();
        return exitCode == 0;
    }

    /// <summary>Lets a victim live until it reaches that call of a checkpoint, or has downloaded everything.</summary>
    private async Task DieAtStepAsync(FreshetClient victim, SampleTorrent torrent, SystemCallKill call, string which)
    {
        string log = Path.Combine(Work, "calls.log");
        await File.WriteAllTextAsync(log, "", TestContext.Current.CancellationToken);
        await using ChildProcess strace = call.Attach(Work, victim.ProcessId, log);
        if (!await victim.EndsWithinAsync(LongestLife))
        {
            await victim.KillAsync();
            return;
        }

        await strace.ExitAsync(Patience);
        if (victim.ExitCode != SystemCallKill.ExitCode)
            return;
        SystemCallDeath? death = SystemCallDeath.Read(log, call);
        Assert.True(death is not null, $"{which}: the call at which it died is not known\n{File.ReadAllText(log)}{strace.Tail}");
        CheckpointStep step = CheckpointSteps.Of(death!, State, Folder, torrent);

        // The session's own files are also written to that folder.
        if (step == CheckpointStep.None)
            return;
        _killsAtSteps[step] = _killsAtSteps.GetValueOrDefault(step) + 1;
        _threads.Add(death!.Thread);
    }

    private void BeginAnew(SampleTorrent torrent)
    {
        Assert.Empty(torrent.Differences(Folder));
        _downloads++;
        _onDisk = [];
        Directory.Delete(Folder, recursive: true);
        Directory.Delete(State, recursive: true);
    }

    private async Task<FreshetClient> StartAsync(RecordingSeed source, SampleTorrent torrent, IReadOnlyList<string> runner)
    {
        FreshetClient freshet = Own(new FreshetClient(Work)
        {
            Peers = [source.EndPoint],
            SeedsAfterwards = false,
            StateFolder = State,
            Runner = runner,
            MoreOptions = ["--checkpoint", "1"],
        });
        await freshet.LaunchAsync(torrent, Folder);
        return freshet;
    }
}

using System.Globalization;
using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// A download is killed (SIGKILL) again and again, about half of the time in the middle of a checkpoint, with a checkpoint each second.
/// What the record vouches for is on disk at every death; it is there at the next start, and is not asked for again. The variable
/// <c>FRESHET_KILLS</c> says how many kills, of plans drawn anew; <c>FRESHET_KILL_SEED</c> draws the same plans again; docs/reliability.md
/// has the figures.
/// </summary>
[Collection(nameof(Alone))]
public class KillTests : InteropTest
{
    private const int MiB = 1024 * 1024;
    private const int UsualKills = 20;
    private const int UsualSeed = 1;

    /// <summary>16 KiB in that time: some 3 MiB/s at the most, so that a download takes several lives.</summary>
    private static readonly TimeSpan BetweenBlocks = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// A victim that should have died at a system call, and neither did nor completed the download, is killed then. On a busy machine it is
    /// long in coming to that call.
    /// </summary>
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(60);

    private int _recordedAtMost;
    private int _killsInCheckpoints;
    private int _killsWithRecord;
    private int _downloads;

    private string State => Path.Combine(Work, "state");

    private string Folder => NewFolder("freshet");

    [Fact]
    public Task Nothing_recorded_is_lost_or_downloaded_again_and_nothing_is_recorded_that_is_not_there() => CaseAsync(async () =>
    {
        Require(ClientKind.Freshet);
        Assert.SkipUnless(SystemCallKill.ReasonMissing is null, SystemCallKill.ReasonMissing ?? "");
        int? wanted = Number("FRESHET_KILLS");
        int kills = wanted ?? UsualKills;
        int seed = Number("FRESHET_KILL_SEED") ?? (wanted is null ? UsualSeed : Random.Shared.Next());
        Random random = new(seed);
        SampleTorrent torrent = SampleTorrents.SingleFile(Work, (20 * MiB) + 54_321, pieceLength: 64 * 1024);
        TorrentPieces pieces = new(torrent);
        await using RecordingSeed source = new(torrent, BetweenBlocks);
        for (int kill = 1; kill <= kills; kill++)
        {
            KillPlan plan = KillPlan.Next(random, kill, State, torrent);
            string which = $"kill {kill} of {kills}, {plan}, FRESHET_KILL_SEED={seed}";
            HashSet<int> before = RecordedPieces.Read(State, torrent, pieces.Count);
            source.TakeAsked();
            bool completed = await LiveAndDieAsync(source, torrent, plan);
            int kept = RequireKept(torrent, pieces, before, source.TakeAsked(), which);
            if (completed)
            {
                BeginAnew(torrent);
                kill--;
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
        Assert.Empty(source.TakeAsked().Intersect(recorded));
        Assert.Empty(torrent.Differences(Folder));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{kills} kills with seed {seed}: {_killsInCheckpoints} in a checkpoint, {_killsWithRecord} with a record, of up to "
            + $"{_recordedAtMost} of {pieces.Count} pieces; {_downloads + 1} downloads came to their end.");
        Assert.True(_killsInCheckpoints >= kills / 4, $"only {_killsInCheckpoints} of {kills} kills were in the middle of a checkpoint");
        Assert.True(_killsWithRecord >= kills / 4, $"only {_killsWithRecord} of {kills} kills left a record with pieces");
    });

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>What was recorded is recorded still and was not asked for again, and all that is recorded is on disk.</summary>
    /// <returns>How many pieces are recorded.</returns>
    private int RequireKept(SampleTorrent torrent, TorrentPieces pieces, HashSet<int> before, HashSet<int> asked, string which)
    {
        HashSet<int> now = RecordedPieces.Read(State, torrent, pieces.Count);
        byte[] disk = pieces.ReadAll(Folder);
        Assert.True(before.IsSubsetOf(now), $"{which}: pieces {string.Join(' ', before.Except(now))} were recorded and are not any more");
        Assert.True(
            !before.Overlaps(asked), $"{which}: pieces {string.Join(' ', before.Intersect(asked))} were recorded and asked for again");
        int[] wrong = [.. now.Where(piece => !pieces.IsGood(disk, piece))];
        Assert.True(wrong.Length == 0, $"{which}: pieces {string.Join(' ', wrong)} are recorded and not on disk");
        _recordedAtMost = Math.Max(_recordedAtMost, now.Count);
        return now.Count;
    }

    /// <returns>Whether it came to the end of the download before it was to die.</returns>
    private async Task<bool> LiveAndDieAsync(RecordingSeed source, SampleTorrent torrent, KillPlan plan)
    {
        FreshetClient victim = await StartAsync(source, torrent, plan.Call?.Runner ?? []);
        if (plan.Call is null)
        {
            // The moment is what this is about: some die as they start, others as they check, others as they download.
            await victim.EndsWithinAsync(plan.Life!.Value);
            if (!victim.HasEnded)
                await victim.KillAsync();
        }
        else if (!await victim.EndsWithinAsync(LongestLife))
        {
            SystemCallKill.KillTraceeOf(victim.ProcessId);
        }
        else if (victim.ExitCode == SystemCallKill.ExitCode)
        {
            _killsInCheckpoints++;
        }

        int exitCode = await victim.ExitAsync(Patience);
        Assert.True(exitCode is 0 or SystemCallKill.ExitCode, $"it ended with {exitCode}, neither complete nor killed\n{victim.Log}");
        await victim.DisposeAsync();
        return exitCode == 0;
    }

    private void BeginAnew(SampleTorrent torrent)
    {
        Assert.Empty(torrent.Differences(Folder));
        _downloads++;
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

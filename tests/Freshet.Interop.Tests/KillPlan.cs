using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>
/// When a victim dies: at a random moment, or as it enters a system call that it makes a record with, at its start or in a checkpoint of
/// pieces that it has downloaded itself.
/// </summary>
internal sealed record KillPlan
{
    private const int LongestLifeMilliseconds = 3_000;

    /// <summary>How many calls of the kinds below it takes to replace the record.</summary>
    private const int CallsOfRecord = 6;

    /// <summary>What a checkpoint does with the record: it writes a new one, flushes it, and puts it in the place of the old one.</summary>
    private const string RecordCalls =
        "write,pwrite64,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat";

    /// <summary>What it does first: it flushes the data.</summary>
    private const string FlushCalls = "fsync,fdatasync,sync_file_range,syncfs";

    /// <summary>How long the victim lives; null if a system call ends it.</summary>
    public TimeSpan? Life { get; private init; }

    public SystemCallKill? Call { get; private init; }

    /// <summary>Whether calls count only once the victim has recorded pieces that it has downloaded itself.</summary>
    public bool IsAfterRecord { get; private init; }

    /// <summary>Plans a kill; five of twelve are for a checkpoint of new pieces, one for the record of the start.</summary>
    public static KillPlan Next(Random random, int kill, string stateFolder, string folder, SampleTorrent torrent)
    {
        string record = Path.Combine(stateFolder, torrent.InfoHash + ".resume");
        string[] records = [record, record + ".tmp", record + ".previous", stateFolder];
        string[] data = [Path.Combine(folder, torrent.Name), folder];
        return (kill % 12) switch
        {
            0 or 6 => new KillPlan { Call = new SystemCallKill(FlushCalls, random.Next(1, 3), data), IsAfterRecord = true },
            2 or 4 or 8 => new KillPlan
            {
                Call = new SystemCallKill(RecordCalls, random.Next(1, (2 * CallsOfRecord) + 1), records),
                IsAfterRecord = true,
            },
            10 => new KillPlan { Call = new SystemCallKill(RecordCalls, random.Next(1, CallsOfRecord + 1), records) },
            _ => new KillPlan { Life = TimeSpan.FromMilliseconds(random.Next(LongestLifeMilliseconds)) },
        };
    }

    public override string ToString() => Call is null
        ? $"after {Life}"
        : $"at call {Call.Number} of {Call.Calls}{(IsAfterRecord ? " after new pieces were recorded" : "")}";
}

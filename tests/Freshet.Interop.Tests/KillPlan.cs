using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>When a victim is to die: at a random moment, or as it enters a system call of a checkpoint.</summary>
internal sealed record KillPlan
{
    private const int LongestLifeMilliseconds = 3_000;

    /// <summary>What a checkpoint does with the record: writes another, flushes it, and puts it in the place of the first.</summary>
    private const string RecordCalls =
        "write,pwrite64,pwritev,ftruncate,fsync,fdatasync,rename,renameat,renameat2,link,linkat,unlink,unlinkat";

    /// <summary>What it does before: it flushes the data.</summary>
    private const string FlushCalls = "fsync,fdatasync,sync_file_range,syncfs";

    /// <summary>How long the victim lives; null if a system call ends it.</summary>
    public TimeSpan? Life { get; private init; }

    public SystemCallKill? Call { get; private init; }

    /// <summary>A plan for a kill; every second one is for the middle of a checkpoint.</summary>
    public static KillPlan Next(Random random, int kill, string stateFolder, SampleTorrent torrent)
    {
        string record = Path.Combine(stateFolder, torrent.InfoHash + ".resume");
        string[] paths = [record, record + ".tmp", record + ".previous", stateFolder];
        return (kill % 6) switch
        {
            0 => new KillPlan { Call = new SystemCallKill(FlushCalls, random.Next(1, 3), []) },
            2 or 4 => new KillPlan { Call = new SystemCallKill(RecordCalls, random.Next(1, 6), paths) },
            _ => new KillPlan { Life = TimeSpan.FromMilliseconds(random.Next(LongestLifeMilliseconds)) },
        };
    }

    public override string ToString() => Call is null ? $"after {Life}" : $"at call {Call.Number} of {Call.Calls}";
}

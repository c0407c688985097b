using Freshet.Interop.Running;

namespace Freshet.Interop.Tests;

/// <summary>Finds the step of a checkpoint that a call belongs to.</summary>
internal static class CheckpointSteps
{
    public static CheckpointStep Of(SystemCallDeath death, string stateFolder, string folder, SampleTorrent torrent)
    {
        bool isFlush = death.Call is "fsync" or "fdatasync" or "sync_file_range" or "syncfs";
        if (death.Arguments.Contains(torrent.InfoHash + ".resume", StringComparison.OrdinalIgnoreCase))
        {
            return isFlush ? CheckpointStep.RecordFlush
                : death.Call.StartsWith("rename", StringComparison.Ordinal) ? CheckpointStep.RecordRename
                : CheckpointStep.RecordWrite;
        }

        return !isFlush ? CheckpointStep.None
            : death.Arguments.Contains($"<{folder}", StringComparison.Ordinal) ? CheckpointStep.DataFlush
            : death.Arguments.Contains($"<{stateFolder}>", StringComparison.Ordinal) ? CheckpointStep.FolderFlush
            : CheckpointStep.None;
    }
}

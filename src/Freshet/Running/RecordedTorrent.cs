using Freshet.Core.Rates;
using Freshet.Core.Torrents;
using Freshet.Diagnostics;

namespace Freshet.Running;

/// <summary>A torrent of a session, as it is recorded.</summary>
internal sealed class RecordedTorrent(SessionServices services, TorrentActor actor, RunningParts parts) : IRecordedTorrent
{
    public TorrentMachine Machine => parts.Machine;

    public TorrentMemory Memory => parts.Memory;

    public TorrentHistory History => parts.History;

    public IRecordedData? Data => parts.Store;

    public TorrentOptions Options => actor.Options;

    public TimeSpan CheckpointInterval => services.Options.CheckpointInterval;

    public Task OnLoopAsync(Action<Timestamp> action) => actor.OnLoopAsync(action);

    public void Wake() => actor.Wake();

    public void OnRecorded(int pieces) => Log.CheckpointWritten(services.Logger, actor.Name, pieces);

    public void Warn(string message) => actor.Warn(message);
}

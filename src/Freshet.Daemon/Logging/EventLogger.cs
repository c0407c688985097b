using Freshet.Api;
using Freshet.Core.Torrents;
using Freshet.Daemon.Running;

namespace Freshet.Daemon.Logging;

/// <summary>Writes the session's events to the log as text, and runs the program when a torrent is complete.</summary>
internal sealed class EventLogger(LogBook log, Completions completions)
{
    public async Task RunAsync(IAsyncEnumerable<SessionEvent> events)
    {
        try
        {
            await foreach (SessionEvent happened in events.ConfigureAwait(false))
            {
                Write(happened);
                if (happened is SessionEvent.TorrentCompleted completed)
                    completions.OnCompleted(completed.Torrent);
                else if (happened is SessionEvent.EventsDropped)
                    completions.FindMissed();
            }
        }
        catch (OperationCanceledException)
        {
            // The daemon is stopping.
        }
    }

    private void Write(SessionEvent happened)
    {
        switch (happened)
        {
            case SessionEvent.PeerConnected peer:
                Add(LogLevelCode.Debug, "peer-connected", peer.Torrent,
                    $"{peer.Peer} {(peer.IsOutgoing ? "was connected to" : "connected")}"
                        + $"{(peer.Client.Length > 0 ? ": " + peer.Client : "")}");
                break;
            case SessionEvent.PeerDisconnected peer:
                Add(LogLevelCode.Debug, "peer-disconnected", peer.Torrent, $"{peer.Peer} is gone: {peer.Reason}");
                break;
            case SessionEvent.PeerBanned peer:
                Add(LogLevelCode.Warning, "peer-banned", peer.Torrent, $"{peer.Peer} is banned: {peer.Reason}");
                break;
            case SessionEvent.Announced announced:
                Add(LogLevelCode.Debug, "announced", announced.Torrent, $"{announced.Tracker} named {announced.Peers} peers");
                break;
            case SessionEvent.AnnounceFailed failed:
                Add(LogLevelCode.Warning, "announce-failed", failed.Torrent, $"{failed.Tracker}: {failed.Reason}");
                break;
            case SessionEvent.EventsDropped dropped:
                Add(LogLevelCode.Warning, "events-dropped", null, $"{dropped.Count} events are not in the log: too many came at once");
                break;
            case SessionEvent.Warning warning:
                Add(LogLevelCode.Warning, "warning", warning.Torrent, warning.Message);
                break;
            default:
                WriteOfTorrent(happened);
                break;
        }

        void Add(LogLevelCode level, string code, Torrent? torrent, string message) =>
            log.Add(level, code, message, torrent?.InfoHash.ToString(), happened.Time);
    }

    private void WriteOfTorrent(SessionEvent happened)
    {
        switch (happened)
        {
            case SessionEvent.TorrentAdded added:
                Add(LogLevelCode.Info, "torrent-added", added.Torrent, "Added");
                break;
            case SessionEvent.TorrentRemoved removed:
                Add(LogLevelCode.Info, "torrent-removed", removed.Torrent, "Removed");
                break;
            case SessionEvent.MetadataReceived metadata:
                Add(LogLevelCode.Info, "metadata-received", metadata.Torrent, "Peers gave its metadata");
                break;
            case SessionEvent.StateChanged changed:
                Add(changed.State is TorrentState.Failed or TorrentState.WaitingForDisk ? LogLevelCode.Error : LogLevelCode.Info,
                    "state-changed", changed.Torrent, WordsOf(changed));
                break;
            case SessionEvent.PieceFailed piece:
                Add(LogLevelCode.Warning, "piece-failed", piece.Torrent, $"Piece {piece.Piece.Value} failed its hash");
                break;
            case SessionEvent.SeedLimitReached reached:
                Add(LogLevelCode.Info, "seed-limit-reached", reached.Torrent, WordsOf(reached));
                break;
            case SessionEvent.TorrentCompleted completed:
                Add(LogLevelCode.Info, "torrent-completed", completed.Torrent,
                    string.Create(null, $"Complete after {completed.Took.TotalSeconds:0} s"));
                break;
        }

        void Add(LogLevelCode level, string code, Torrent torrent, string message) =>
            log.Add(level, code, $"{torrent.Name}: {message}", torrent.InfoHash.ToString(), happened.Time);
    }

    private static string WordsOf(SessionEvent.StateChanged changed) => changed.State switch
    {
        TorrentState.Stopped => "stopped",
        TorrentState.Checking => "checking what is on disk",
        TorrentState.Downloading => "downloading",
        TorrentState.Seeding => "seeding",
        TorrentState.FetchingMetadata => "looking for its metadata",
        TorrentState.Queued => "waiting for its turn",
        TorrentState.WaitingForDisk => $"waiting for the disk: {changed.Reason}",
        _ => $"failed: {changed.Reason}",
    };

    private static string WordsOf(SessionEvent.SeedLimitReached reached)
    {
        string limit = reached.Limit switch
        {
            SeedLimit.Ratio => "its ratio",
            SeedLimit.SeedTime => "its time of seeding",
            _ => "its time without being asked",
        };
        string then = reached.Then switch
        {
            SeedEnd.Remove => "removed; its files stay",
            SeedEnd.RemoveWithFiles => "removed with its files",
            _ => "stopped",
        };
        return $"has seeded enough by {limit}: {then}";
    }
}

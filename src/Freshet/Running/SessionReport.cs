using Freshet.Core.Rates;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>Computes the session's status from the snapshots of its torrents.</summary>
internal static class SessionReport
{
    public static SessionStatus Of(IReadOnlyList<Torrent> torrents, SessionServices services)
    {
        Span<int> states = stackalloc int[(int)TorrentState.Queued + 1];
        long down = 0, up = 0;
        foreach (Torrent torrent in torrents)
        {
            TorrentStatus status = torrent.Status;
            states[(int)status.State]++;
            down += status.DownloadRate.BytesPerSecond;
            up += status.UploadRate.BytesPerSecond;
        }

        return new SessionStatus
        {
            Torrents = torrents.Count,
            FetchingMetadata = states[(int)TorrentState.FetchingMetadata],
            Downloading = states[(int)TorrentState.Downloading],
            Seeding = states[(int)TorrentState.Seeding],
            Checking = states[(int)TorrentState.Checking],
            WaitingForDisk = states[(int)TorrentState.WaitingForDisk],
            Queued = states[(int)TorrentState.Queued],
            Failed = states[(int)TorrentState.Failed],
            Connections = services.Connections.Connections,
            DownloadRate = new DataRate(down),
            UploadRate = new DataRate(up),
            ListenPort = services.Network.ListenPort,
            Dht = services.Network.Dht?.Status,
            Proxy = services.Options.Proxy?.ToString(),
            Local = services.Network.Local?.Status,
            PortMapping = services.Network.Mapper?.Status,
            ExternalAddresses = services.Network.Addresses.All,
            Reachability = services.Network.Reachability,
            BlockedRanges = services.Options.Blocklist is null ? null : services.Network.OwnBinding.Filter.Blocked.Count,
        };
    }
}

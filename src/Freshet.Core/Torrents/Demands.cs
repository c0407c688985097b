namespace Freshet.Core.Torrents;

/// <summary>Reports to the session what the torrent could use, whenever that changes.</summary>
internal sealed class Demands(TorrentContext torrent, SlowWatch slow)
{
    private TorrentDemand _told;

    public void Update()
    {
        int wanting = Math.Max(torrent.Peers.InterestedCount, torrent.Offer.HiddenCount);
        int slots = Math.Min(wanting, torrent.UploadSlots.Wanted);
        TorrentDemand demand = new(DialsWanted(), slots, torrent.IsCheckWanted)
        {
            Dialling = torrent.Book.DiallingCount,
            Wants = Wants(),
            IsSlow = slow.IsSlow,
            IsForced = torrent.Settings.IsForced,
        };
        if (demand == _told)
            return;
        _told = demand;
        torrent.Effects.Demand(demand);
    }

    private Activity Wants() => torrent.Phase switch
    {
        TorrentPhase.Stopped or TorrentPhase.Failed or TorrentPhase.Checking => Activity.None,
        _ => torrent.HasContent && torrent.Ledger.IsFinished ? Activity.Seed : Activity.Download,
    };

    private int DialsWanted()
    {
        if (torrent.Phase is not (TorrentPhase.FetchingMetadata or TorrentPhase.Downloading or TorrentPhase.Seeding))
            return 0;
        int room = Math.Max(0, torrent.Settings.MaxPeers - torrent.Peers.Count);
        return Math.Min(Math.Min(room, Limits.MaxHalfOpen), torrent.Book.DiallingCount + torrent.Book.ReadyCount);
    }
}

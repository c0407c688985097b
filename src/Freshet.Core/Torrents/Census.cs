using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.WebSeeds;

namespace Freshet.Core.Torrents;

/// <summary>
/// Counts the connected peers and web seeds by what they do at one moment, and how far our own limits hold them up.
/// </summary>
internal readonly record struct Census
{
    // A peer that has sent something within this time counts as sending, whether or not it has requests of ours at this moment.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    // Above this share of the time, our own limit or disk is what holds up the transfer.
    private const double Most = 0.5;

    public int Interesting { get; private init; }

    public int Open { get; private init; }

    public int Sending { get; private init; }

    public int SendingWebSeeds { get; private init; }

    public int Served { get; private init; }

    /// <summary>The limit that those who send wait for most of the time; null if none.</summary>
    public HeldByLimit? DownloadLimit { get; private init; }

    /// <summary>The limit that the peers we upload to wait for most of the time; null if none.</summary>
    public HeldByLimit? UploadLimit { get; private init; }

    /// <summary>Whether those who send wait most of the time for the disk to free memory.</summary>
    public bool IsDiskBehind { get; private init; }

    public static Census Of(TorrentContext torrent, WebSeeding webSeeding, Timestamp now)
    {
        int interesting = 0;
        int open = 0;
        int giving = 0;
        int owing = 0;
        int served = 0;
        Holding byLimit = default;
        Holding byDisk = default;
        Holding serving = default;
        foreach (Peer peer in torrent.Peers.All)
        {
            bool isServed = peer.Uploads is { IsInterested: true, IsChoked: false };
            bool gives = peer.LastTaken > now - Lately;
            if (gives || isServed)
            {
                OwnHolds holds = peer.HoldsAt(now);
                byLimit.Add(gives, holds.ReceivingByLimit, holds.DownloadLimit);
                byDisk.Add(gives, holds.ReceivingByDisk, default);
                serving.Add(isServed, holds.SendingByLimit, holds.UploadLimit);
            }

            served += isServed ? 1 : 0;
            giving += gives ? 1 : 0;
            interesting += peer.AmInterested ? 1 : 0;
            open += peer.AmInterested && peer.CanBeAsked ? 1 : 0;
            owing += peer.AmInterested && peer.CanBeAsked && peer.Requests is { Count: > 0, IsSnubbed: false } ? 1 : 0;
        }

        for (int i = 0; i < torrent.Sources.All.Count; i++)
        {
            // One that our limit holds up may not have been able to send anything yet.
            if (torrent.Sources.All[i] is not WebSeed { FetchCount: > 0 } seed)
                continue;
            OwnHolds holds = seed.HoldsAt(now);
            byLimit.Add(true, holds.ReceivingByLimit, holds.DownloadLimit);
            byDisk.Add(true, holds.ReceivingByDisk, default);
        }

        return new Census
        {
            Interesting = interesting,
            Open = open,
            Sending = Math.Max(giving, owing),
            SendingWebSeeds = webSeeding.CountGiving(now - Lately),
            Served = served,
            DownloadLimit = byLimit.Share >= Most ? byLimit.Limit : null,
            UploadLimit = serving.Share >= Most ? serving.Limit : null,
            IsDiskBehind = byDisk.Share >= Most,
        };
    }

    /// <summary>The share of the time that several peers are held up, on average, and the limit that holds them up most.</summary>
    private struct Holding
    {
        private int _peers;
        private double _sum;
        private double _most;

        public HeldByLimit Limit { get; private set; }

        public readonly double Share => _peers == 0 ? 0 : _sum / _peers;

        public void Add(bool counts, double share, HeldByLimit limit)
        {
            if (!counts)
                return;
            _peers++;
            _sum += share;
            if (share < _most)
                return;
            (_most, Limit) = (share, limit);
        }
    }
}

using Freshet.Core.Peers;
using Freshet.Core.Rates;

namespace Freshet.Core.Torrents;

/// <summary>The connected peers counted by what they do at a moment, and what of it we ourselves hold up.</summary>
internal readonly record struct Census
{
    // Whoever gave us something since then is downloaded from, whether just now it is asked for something or not.
    private static readonly TimeSpan Lately = TimeSpan.FromSeconds(5);

    // From here on our own limit, or our disk, is what the exchange waits for most of the time.
    private const double Most = 0.5;

    public int Interesting { get; private init; }

    public int Open { get; private init; }

    public int Sending { get; private init; }

    public int SendingWebSeeds { get; private init; }

    public int Served { get; private init; }

    /// <summary>The limit that those who send wait for most of the time; null if none.</summary>
    public HeldByLimit? DownloadLimit { get; private init; }

    /// <summary>The limit that those who are served wait for most of the time; null if none.</summary>
    public HeldByLimit? UploadLimit { get; private init; }

    /// <summary>Whether those who send wait most of the time until the disk has given memory back.</summary>
    public bool IsDiskBehind { get; private init; }

    public static Census Of(TorrentContext torrent, TorrentParts parts, Timestamp now)
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

        return new Census
        {
            Interesting = interesting,
            Open = open,
            Sending = Math.Max(giving, owing),
            SendingWebSeeds = parts.WebSeeding.CountGiving(now - Lately),
            Served = served,
            DownloadLimit = byLimit.Share >= Most ? byLimit.Limit : null,
            UploadLimit = serving.Share >= Most ? serving.Limit : null,
            IsDiskBehind = byDisk.Share >= Most,
        };
    }

    /// <summary>How much of the time several peers are held up, on average, and by which limit most.</summary>
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

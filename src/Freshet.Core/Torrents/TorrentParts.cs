using Freshet.Core.Pieces;
using Freshet.Core.Torrents.Exchange;

namespace Freshet.Core.Torrents;

/// <summary>
/// The parts of a <see cref="TorrentMachine"/>, each connected to the others it needs. Only the machine sees them all.
/// </summary>
internal sealed class TorrentParts : IExtensionParts, IStatusParts
{
    private readonly TorrentContext _torrent;

    public TorrentParts(TorrentContext torrent)
    {
        _torrent = torrent;
        Slow = new SlowWatch(torrent);
        Demands demands = new(torrent, Slow);
        Extensions = new Extensions(torrent, this);
        Sourcing = new Sourcing(torrent);
        Updates = new Updates(torrent, Extensions);
        FirstCopy = new FirstCopy(torrent, Extensions, Updates);
        torrent.Offer = torrent.Options.Offer ?? FirstCopy;
        Departures = new Departures(torrent, Sourcing, Extensions, FirstCopy);
        Interest = new Interest(torrent);
        Requesting = new Requesting(torrent);
        Downloading = new Downloading(torrent, Requesting, Interest, Departures);
        Reading = new Reading(torrent, Requesting);
        WebSeeding = new WebSeeding(torrent, Sourcing, Requesting, Downloading);
        Uploading = new Uploading(torrent, Departures, demands, FirstCopy);
        Connecting = new Connecting(torrent, Sourcing, Departures, demands, FirstCopy);
        Announcing = new Announcing(torrent, Connecting);
        Dht = new DhtAsking(torrent);
        Disk = new DiskWatch(torrent, Requesting, Uploading);
        Check = new PieceCheck(torrent, demands);
        Lifecycle = new Lifecycle(
            torrent,
            Check,
            Disk,
            new Fetching(Interest, Requesting),
            new Presence(torrent, Announcing, Connecting, Departures, Updates));
        Messages = new MessageHandler(
            torrent,
            new BlockMessages(Downloading, Requesting, Departures),
            new PieceMessages(torrent, Interest, Connecting, Uploading, Departures),
            Uploading,
            new ExtendedMessages(Extensions, Connecting),
            Dht);
    }

    public Extensions Extensions { get; }

    public Updates Updates { get; }

    public Sourcing Sourcing { get; }

    public FirstCopy FirstCopy { get; }

    public Departures Departures { get; }

    public Interest Interest { get; }

    public Requesting Requesting { get; }

    public Downloading Downloading { get; }

    public Reading Reading { get; }

    /// <summary>The pieces that readers are waiting for.</summary>
    public PieceDeadlines Deadlines => _torrent.Picker.Deadlines;

    public WebSeeding WebSeeding { get; }

    public Uploading Uploading { get; }

    public Connecting Connecting { get; }

    public Announcing Announcing { get; }

    public DhtAsking Dht { get; }

    public DiskWatch Disk { get; }

    public PieceCheck Check { get; }

    public SlowWatch Slow { get; }

    public Lifecycle Lifecycle { get; }

    public MessageHandler Messages { get; }

    // Created when a peer first mentions metadata.
    public MetadataFetch MetadataFetch => field ??= new MetadataFetch(_torrent, Departures);

    public HolePunching HolePunching => field ??= new HolePunching(_torrent, Connecting, Departures);

    public MetadataServing MetadataServing => field ??= new MetadataServing(_torrent);
}

namespace Freshet.Core.Torrents;

/// <summary>The parts of a <see cref="TorrentMachine"/>, each with what it needs of the others.</summary>
internal sealed class TorrentParts
{
    public TorrentParts(TorrentContext torrent)
    {
        Demands = new Demands(torrent);
        Extensions = new Extensions(torrent);
        Sourcing = new Sourcing(torrent);
        Departures = new Departures(torrent, Sourcing, Extensions);
        Interest = new Interest(torrent);
        Requesting = new Requesting(torrent);
        Downloading = new Downloading(torrent, Requesting, Interest, Departures);
        Uploading = new Uploading(torrent, Departures, Demands);
        Connecting = new Connecting(torrent, Sourcing, Departures, Demands);
        Announcing = new Announcing(torrent, Connecting);
        Disk = new DiskWatch(torrent, Requesting, Uploading);
        Lifecycle = new Lifecycle(torrent, this);
        Messages = new MessageHandler(torrent, this);
        Extensions.Install(torrent.Options.Extensions(torrent, this));
    }

    public Demands Demands { get; }

    public Extensions Extensions { get; }

    public Sourcing Sourcing { get; }

    public Departures Departures { get; }

    public Interest Interest { get; }

    public Requesting Requesting { get; }

    public Downloading Downloading { get; }

    public Uploading Uploading { get; }

    public Connecting Connecting { get; }

    public Announcing Announcing { get; }

    public DiskWatch Disk { get; }

    public Lifecycle Lifecycle { get; }

    public MessageHandler Messages { get; }
}

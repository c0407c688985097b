namespace Freshet.Core.Torrents;

/// <summary>What a torrent is doing. Each phase holds only its own data.</summary>
internal abstract record TorrentPhase
{
    private TorrentPhase()
    {
    }

    /// <summary>The corresponding state.</summary>
    public abstract TorrentState State { get; }

    /// <summary>The reason for the phase, as text for people; null where the state says all.</summary>
    public virtual string? Words => null;

    /// <summary>The same reason as a code for programs.</summary>
    public TorrentReason Code { get; init; }

    /// <summary>Whether the torrent is running and all wanted pieces are complete.</summary>
    public virtual bool IsComplete => false;

    /// <summary>The metadata is unknown: looking for peers that have it.</summary>
    public sealed record FetchingMetadata : TorrentPhase
    {
        public override TorrentState State => TorrentState.FetchingMetadata;
    }

    /// <summary>Checking existing data.</summary>
    public sealed record Checking(int Done, int Total) : TorrentPhase
    {
        public override TorrentState State => TorrentState.Checking;
    }

    /// <summary>Wanted pieces are missing.</summary>
    public sealed record Downloading : TorrentPhase
    {
        public override TorrentState State => TorrentState.Downloading;
    }

    /// <summary>All wanted pieces are complete.</summary>
    public sealed record Seeding : TorrentPhase
    {
        public override TorrentState State => TorrentState.Seeding;

        public override bool IsComplete => true;
    }

    /// <summary>Running but waiting to become active; existing data has been checked.</summary>
    public sealed record Queued(bool HasAll) : TorrentPhase
    {
        public override TorrentState State => TorrentState.Queued;

        public override bool IsComplete => HasAll;
    }

    /// <summary>Stopped by the user.</summary>
    public sealed record Stopped : TorrentPhase
    {
        public override TorrentState State => TorrentState.Stopped;
    }

    /// <summary>The disk fails to write or read data; the torrent continues on its own once the disk works again.</summary>
    public sealed record WaitingForDisk(string Reason) : TorrentPhase
    {
        public override TorrentState State => TorrentState.WaitingForDisk;

        public override string? Words => Reason;
    }

    /// <summary>An error that only the user can fix.</summary>
    public sealed record Failed(string Reason) : TorrentPhase
    {
        public override TorrentState State => TorrentState.Failed;

        public override string? Words => Reason;
    }
}

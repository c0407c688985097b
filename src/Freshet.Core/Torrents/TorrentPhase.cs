namespace Freshet.Core.Torrents;

/// <summary>What a torrent is about. Each phase holds only its own data.</summary>
internal abstract record TorrentPhase
{
    private TorrentPhase()
    {
    }

    /// <summary>The phase in a word.</summary>
    public abstract TorrentState State { get; }

    /// <summary>Why it came to this, in words for people; null where the word says all.</summary>
    public virtual string? Words => null;

    /// <summary>The same for programs.</summary>
    public TorrentReason Code { get; init; }

    /// <summary>Whether it is in its run, and all wanted pieces are there.</summary>
    public virtual bool IsComplete => false;

    /// <summary>It is not known yet what the torrent holds: peers are looked for that can tell.</summary>
    public sealed record FetchingMetadata : TorrentPhase
    {
        public override TorrentState State => TorrentState.FetchingMetadata;
    }

    /// <summary>Reading from disk what is there already.</summary>
    public sealed record Checking(int Done, int Total) : TorrentPhase
    {
        public override TorrentState State => TorrentState.Checking;
    }

    /// <summary>Wanted pieces are missing.</summary>
    public sealed record Downloading : TorrentPhase
    {
        public override TorrentState State => TorrentState.Downloading;
    }

    /// <summary>All wanted pieces are there.</summary>
    public sealed record Seeding : TorrentPhase
    {
        public override TorrentState State => TorrentState.Seeding;

        public override bool IsComplete => true;
    }

    /// <summary>In its run, and waiting for its turn to be active; what is there is checked.</summary>
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

    /// <summary>The disk does not take or give data; goes on by itself when it does again.</summary>
    public sealed record WaitingForDisk(string Reason) : TorrentPhase
    {
        public override TorrentState State => TorrentState.WaitingForDisk;

        public override string? Words => Reason;
    }

    /// <summary>Something that only the user can mend.</summary>
    public sealed record Failed(string Reason) : TorrentPhase
    {
        public override TorrentState State => TorrentState.Failed;

        public override string? Words => Reason;
    }
}

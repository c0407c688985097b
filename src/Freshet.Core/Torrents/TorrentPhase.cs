namespace Freshet.Core.Torrents;

/// <summary>What a torrent is about. Each phase holds only its own data.</summary>
internal abstract record TorrentPhase
{
    private TorrentPhase()
    {
    }

    /// <summary>Reading from disk what is there already.</summary>
    public sealed record Checking(int Done, int Total) : TorrentPhase;

    /// <summary>Wanted pieces are missing.</summary>
    public sealed record Downloading : TorrentPhase;

    /// <summary>All wanted pieces are there.</summary>
    public sealed record Seeding : TorrentPhase;

    /// <summary>Stopped by the user.</summary>
    public sealed record Stopped : TorrentPhase;

    /// <summary>The disk does not take or give data; goes on by itself when it does again.</summary>
    public sealed record Paused(string Reason) : TorrentPhase;

    /// <summary>Something that only the user can mend.</summary>
    public sealed record Failed(string Reason) : TorrentPhase;
}

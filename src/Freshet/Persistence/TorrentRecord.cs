using System.Collections.Immutable;
using Freshet.Core.Metainfo;

namespace Freshet.Persistence;

/// <summary>What a session remembers of one torrent between runs: all that may change, in one file.</summary>
internal sealed record TorrentRecord
{
    public required InfoHash InfoHash { get; init; }

    /// <summary>The absolute folder that the files lie in.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Whether the files have names that every system can hold, and not those that this one can; decided when the torrent was added.
    /// </summary>
    public bool HasPortableNames { get; init; }

    /// <summary>Where in the folder its files are stored, as far as that is not where the torrent says.</summary>
    public FileMap Map { get; init; } = FileMap.Identity;

    /// <summary>A file that was being renamed when this was recorded; null for none.</summary>
    public PendingRename? Renaming { get; init; }

    /// <summary>
    /// Files that were there before the torrent, and not empty, by their index; the default if nobody has looked yet.
    /// </summary>
    public ImmutableArray<int> Found { get; init; }

    /// <summary>Where its files were being moved when this was recorded; null for nowhere.</summary>
    public PendingMove? Moving { get; init; }

    /// <summary>What the folder can hold.</summary>
    public PathRules Rules => HasPortableNames ? PathRules.Portable : MetainfoReader.NativeRules;

    /// <summary>What its user wants of it.</summary>
    public TorrentOptions Options { get; init; } = new();

    /// <summary>Options that another version of the program wrote and this one does not know. They are written back as they are.</summary>
    public ImmutableArray<ForeignEntry> ForeignOptions { get; init; } = [];

    /// <summary>What it was doing.</summary>
    public RunState Run { get; init; }

    /// <summary>Its place among the session's torrents: those with smaller numbers come before it.</summary>
    public long Position { get; init; }

    /// <summary>When it was added; the beginning of 1970 if that is not known.</summary>
    public DateTimeOffset AddedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>When all that was wanted was there for the first time; null if it never was.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Whether what is to be done when it is complete was done; see <see cref="Torrent.IsCompletionHandled"/>.</summary>
    public bool IsCompletionHandled { get; init; }

    /// <summary>What it had done in all runs, when <see cref="Clock"/> was the session's time.</summary>
    public TorrentTotals Totals { get; init; } = new();

    /// <summary>The session's running time, all runs together, when this was recorded; see <see cref="SessionClock"/>.</summary>
    public TimeSpan Clock { get; init; }

    /// <summary>What is known of its data; null if nothing is, so that whatever lies on disk is checked.</summary>
    public ResumeRecord? Data { get; init; }
}

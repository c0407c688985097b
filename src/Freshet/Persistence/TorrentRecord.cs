using System.Collections.Immutable;
using Freshet.Core.Metainfo;
using Freshet.Core.Torrents;

namespace Freshet.Persistence;

/// <summary>The record of one torrent between runs: everything that may change, in one file.</summary>
internal sealed record TorrentRecord
{
    public required InfoHash InfoHash { get; init; }

    /// <summary>The absolute folder of its files.</summary>
    public required string Folder { get; init; }

    /// <summary>
    /// Whether the files have names that every system can hold, instead of those that this one can; decided when the torrent was added.
    /// </summary>
    public bool HasPortableNames { get; init; }

    /// <summary>Where files are stored in the folder, if not where the torrent says.</summary>
    public FileMap Map { get; init; } = FileMap.Identity;

    /// <summary>A rename in progress when this was recorded; null for none.</summary>
    public PendingRename? Renaming { get; init; }

    /// <summary>The indices of non-empty files that existed before the torrent; the default if that was never checked.</summary>
    public ImmutableArray<int> Found { get; init; }

    /// <summary>A move in progress when this was recorded; null for none.</summary>
    public PendingMove? Moving { get; init; }

    /// <summary>The rules for names in the folder.</summary>
    public PathRules Rules => HasPortableNames ? PathRules.Portable : MetainfoReader.NativeRules;

    /// <summary>The torrent's options.</summary>
    public TorrentOptions Options { get; init; } = new();

    /// <summary>Options written by another version of the program that this one does not know. They are written back unchanged.</summary>
    public ImmutableArray<ForeignEntry> ForeignOptions { get; init; } = [];

    /// <summary>Its run state.</summary>
    public RunState Run { get; init; }

    /// <summary>Its position among the session's torrents: those with smaller numbers come first.</summary>
    public long Position { get; init; }

    /// <summary>When it was added; the beginning of 1970 if that is not known.</summary>
    public DateTimeOffset AddedAt { get; init; } = DateTimeOffset.UnixEpoch;

    /// <summary>When everything wanted was first complete; null if it never was.</summary>
    public DateTimeOffset? CompletedAt { get; init; }

    /// <summary>Whether the program has handled its completion; see <see cref="Torrent.IsCompletionHandled"/>.</summary>
    public bool IsCompletionHandled { get; init; }

    /// <summary>The seed limit that stopped it; null if it was not stopped by one, or runs.</summary>
    public SeedLimit? SeedLimit { get; init; }

    /// <summary>The totals of all runs at the session time <see cref="Clock"/>.</summary>
    public TorrentTotals Totals { get; init; } = new();

    /// <summary>The session clock when this was recorded; see <see cref="SessionClock"/>.</summary>
    public TimeSpan Clock { get; init; }

    /// <summary>What is known about its data; null if nothing is, so that everything on disk is checked.</summary>
    public ResumeRecord? Data { get; init; }
}

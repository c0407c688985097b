using Freshet.Core.Metainfo;
using Freshet.Core.Pieces;
using Freshet.Core.Torrents;

namespace Freshet.Running;

/// <summary>Files that several torrents of a session store at the same path.</summary>
internal static class SharedFiles
{
    /// <summary>The indices of a torrent's files that other torrents store as well.</summary>
    public static IReadOnlySet<int> IndicesOf(TorrentTable torrents, TorrentActor actor)
    {
        HashSet<int> shared = [];
        if (actor.Metainfo is { } metainfo)
        {
            foreach ((TorrentFile file, _, _) in Find(torrents.All, actor, new StoredFiles(metainfo, actor.Map, actor.Folder)))
                shared.Add(file.Index);
        }

        return shared;
    }

    /// <summary>
    /// The files of a torrent that another torrent would lose if they were moved: it runs, or has verified bytes in them.
    /// </summary>
    public static IReadOnlyDictionary<int, Torrent> UsersOf(TorrentTable torrents, TorrentActor actor)
    {
        Dictionary<int, Torrent> users = [];
        if (actor.Metainfo is not { } metainfo)
            return users;
        foreach ((TorrentFile file, Torrent other, TorrentFile theirs) in
            Find(torrents.All, actor, new StoredFiles(metainfo, actor.Map, actor.Folder)))
        {
            if (other.Status.State is not (TorrentState.Stopped or TorrentState.Failed) || VerifiedBytes(other, theirs) > 0)
                users[file.Index] = other;
        }

        return users;
    }

    /// <summary>The files that two torrents store at the same path.</summary>
    public static IEnumerable<(TorrentFile Mine, TorrentFile Theirs)> Meet(StoredFiles files, StoredFiles theirs)
    {
        if (!MayMeet(files, theirs))
            yield break;
        Dictionary<string, TorrentFile> mine = files.ByPath();
        foreach (TorrentFile file in theirs.All)
        {
            if (mine.TryGetValue(theirs.PathOf(file), out TorrentFile? same))
                yield return (same, file);
        }
    }

    /// <summary>Why a file cannot be moved away: another torrent uses it.</summary>
    /// <param name="path">The file's absolute path.</param>
    /// <param name="other">The other torrent's name.</param>
    public static FreshetException InUse(string path, string other) => new(
        FreshetError.PathInUse,
        $"{path} is a file of the torrent \"{other}\" as well, which would lose it. Remove that torrent first, and keep its files.");

    /// <summary>
    /// Why a torrent's files cannot be stored in a folder: another torrent that may write stores something there that it has not verified.
    /// Verified files are only read, and may be shared.
    /// </summary>
    /// <param name="torrents">The session's torrents.</param>
    /// <param name="actor">The torrent; null if it does not exist yet.</param>
    /// <param name="files">Its files, as they would be stored.</param>
    public static string? FindConflict(TorrentTable torrents, TorrentActor? actor, StoredFiles files) =>
        FindConflict(torrents.Writers.WhoWritesAt(files), actor, files);

    /// <inheritdoc cref="FindConflict(TorrentTable, TorrentActor?, StoredFiles)"/>
    public static string? FindConflict(IEnumerable<TorrentActor> writers, TorrentActor? actor, StoredFiles files)
    {
        foreach ((TorrentFile file, Torrent other, TorrentFile theirs) in Find(writers.Select(writer => writer.Handle), actor, files))
        {
            if (file.Length == theirs.Length && IsVerified(other, theirs))
                continue;
            return $"\"{files.Metainfo.Name}\" and \"{other.Name}\" would both write {files.PathOf(file)}. "
                + "Choose another folder for one of them, or wait until the other is complete if the file is the same.";
        }

        return null;
    }

    /// <summary>Checks whether a torrent can be added.</summary>
    /// <exception cref="FreshetException">It cannot.</exception>
    public static void RequireNoConflict(TorrentTable torrents, StoredFiles files)
    {
        if (FindConflict(torrents, actor: null, files) is { } conflict)
            throw new FreshetException(FreshetError.PathInUse, conflict);
    }

    /// <summary>Another torrent that stores a file or folder at a path in a folder; null if there is none.</summary>
    public static Torrent? OwnerOf(TorrentTable torrents, TorrentActor actor, string folder, string path)
    {
        string full = Path.Join(folder, path);
        foreach (Torrent other in torrents.All)
        {
            if (other.Actor == actor || other.Actor.Metainfo is not { } metainfo)
                continue;
            StoredFiles theirs = new(metainfo, other.Actor.Map, other.Folder);
            if (!StoredFiles.MayMeet(theirs.Folder, folder))
                continue;
            if (theirs.All.Any(file => IsSameOrBelow(theirs.PathOf(file), full) || StoredFiles.IsBelow(full, theirs.PathOf(file))))
                return other;
        }

        return null;
    }

    private static bool IsSameOrBelow(string path, string above) => path == above || StoredFiles.IsBelow(path, above);

    private static IEnumerable<(TorrentFile File, Torrent Other, TorrentFile Theirs)> Find(
        IEnumerable<Torrent> all, TorrentActor? actor, StoredFiles files)
    {
        foreach (Torrent other in all)
        {
            if (other.Actor == actor || other.Actor.Metainfo is not { } metainfo)
                continue;
            foreach ((TorrentFile file, TorrentFile theirs) in Meet(files, new StoredFiles(metainfo, other.Actor.Map, other.Folder)))
                yield return (file, other, theirs);
        }
    }

    // Thousands of torrents may share a folder, nearly all with their own names in it.
    private static bool MayMeet(StoredFiles one, StoredFiles other)
    {
        if (one.Folder != other.Folder)
            return StoredFiles.MayMeet(one.Folder, other.Folder);
        return one.Map.Count > 0 || other.Map.Count > 0 || one.Metainfo.Files.IsEmpty || other.Metainfo.Files.IsEmpty
            || TopOf(one.Metainfo.Files[0]).SequenceEqual(TopOf(other.Metainfo.Files[0]));
    }

    private static ReadOnlySpan<char> TopOf(TorrentFile file)
    {
        int end = file.Path.IndexOf('/', StringComparison.Ordinal);
        return end < 0 ? file.Path : file.Path.AsSpan(0, end);
    }

    /// <summary>Whether a file is fully verified.</summary>
    public static bool IsVerified(Torrent torrent, TorrentFile file) => VerifiedBytes(torrent, file) == file.Length;

    // A torrent that is about to start knows no more than its record.
    private static long VerifiedBytes(Torrent torrent, TorrentFile file) => Math.Max(
        VerifiedBytes(torrent.Actor.Metainfo!.Layout, file, torrent.Actor.Snapshot.Have),
        VerifiedBytes(torrent.Actor.Metainfo.Layout, file, torrent.Actor.Record.Data?.Have));

    private static long VerifiedBytes(PieceLayout layout, TorrentFile file, Bitfield? have) =>
        have?.Length == layout.PieceCount ? FileReport.VerifiedBytes(layout, file.Index, have) : 0;
}

using Freshet.FileSystem;

namespace Freshet.Running;

/// <summary>Deletes the files of a closed torrent, except those that belong to another torrent or program.</summary>
internal sealed class FileRemoval(SessionServices services, TorrentActor actor, TorrentStore store)
{
    /// <summary>Deletes the files. What is kept, and why, is reported as a warning.</summary>
    /// <param name="patience">The time limit for each file.</param>
    public async Task DeleteAsync(TimeSpan patience)
    {
        IReadOnlySet<int> shared = SharedFiles.IndicesOf(services.Torrents, actor);
        if (shared.Count > 0)
            actor.Warn($"{shared.Count} files are other torrents' as well, and stay.");
        HashSet<int> kept = [.. shared];
        StorageError? error = await store.DeleteFilesAsync(FindKept, patience, services.Time).ConfigureAwait(false);
        if (kept.Count > shared.Count)
            actor.Warn($"{kept.Count - shared.Count} files were there before the torrent and are not its data, and stay.");
        if (error is not null)
            actor.Warn(error.Message);

        IReadOnlySet<int> FindKept()
        {
            kept.UnionWith(store.Found.FindForeign(file => SharedFiles.IsVerified(actor.Handle, file)));
            return kept;
        }
    }
}

using Freshet.Core.Metainfo;
using Freshet.Disk.Matching;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet;

/// <summary>Finds a torrent's files where they have other names, so that they need not be downloaded.</summary>
public static class FileFinder
{
    /// <summary>
    /// Looks for a torrent's files below some folders by length and hash, and gives those that it finds their names in the torrent's
    /// folder. Call it before the torrent is added to a session, which then checks and continues them like any existing files. Nothing is
    /// overwritten: files that exist in the torrent's folder are left as they are.
    /// </summary>
    /// <remarks>
    /// A file that is longer than two pieces is found even if parts of it are missing or damaged; a small file only if its neighbors in the
    /// torrent are found as well, because hashes are of pieces. After <see cref="FilePlacing.Link"/>, nothing is written to linked files on
    /// Linux, even if they are damaged later, since they have a second name; what was copied is completed. Other systems do not tell of
    /// second names: add the torrent with <see cref="ExistingFiles.Keep"/> there.
    /// </remarks>
    /// <param name="source">The torrent.</param>
    /// <param name="folder">The folder for its file or folder.</param>
    /// <param name="searchIn">The folders to search, with all folders in them. Links are not followed.</param>
    /// <param name="placing">Whether files are copied or linked.</param>
    /// <param name="cancellationToken">Cancels the operation. Files that were placed before stay.</param>
    /// <returns>The files that were found and placed, and whether the search was cut short.</returns>
    /// <exception cref="ArgumentException">The source is a magnet link, which has no hashes to compare with.</exception>
    /// <exception cref="FreshetException">The torrent is malformed, a folder cannot be read, or a file cannot be written.</exception>
    public static async Task<FileSearch> PlaceAsync(
        TorrentSource source,
        string folder,
        IReadOnlyList<string> searchIn,
        FilePlacing placing = FilePlacing.Copy,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(searchIn);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        LoadedSource loaded = await MetainfoLoader.LoadAsync(source, cancellationToken).ConfigureAwait(false);
        if (!loaded.HasMetadata)
            throw new ArgumentException("A magnet link has no hashes of pieces to compare with; give the .torrent.", nameof(source));
        folder = Path.GetFullPath(folder);
        TorrentMetainfo metainfo = MetainfoLoader.ForDataIn(folder, loaded, isWanted: false, out _);
        return await Task.Run(() => Place(metainfo, folder, searchIn, placing, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static FileSearch Place(
        TorrentMetainfo metainfo, string folder, IReadOnlyList<string> searchIn, FilePlacing placing, CancellationToken cancellationToken)
    {
        IFileSystem system = SystemFiles.Instance;
        try
        {
            FileCandidates candidates = FileCandidates.Find(metainfo, searchIn, cancellationToken);
            using FileMatching matching = new(system, metainfo, candidates, cancellationToken);
            IReadOnlyList<FoundFile> found = matching.Run(file => FindExisting(new FilePath(folder, file.Path)));
            FilePlacement placement = new(system, folder, metainfo.SwarmHash.ToString());
            List<PlacedFile> placed = [];
            foreach (FoundFile file in found)
            {
                if (placement.Place(file, placing, cancellationToken) is { } done)
                    placed.Add(done);
            }

            return new FileSearch([.. placed], matching.IsCutShort);
        }
        catch (Exception e) when (StorageError.IsStorageException(e))
        {
            throw new FreshetException(FreshetError.Storage, StorageError.From(e, "put found files into", folder).Message, e);
        }

        string? FindExisting(FilePath path) => system.Stat(path).Exists ? path.Full : null;
    }
}

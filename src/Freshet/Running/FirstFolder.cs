using Freshet.Core.Metainfo;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>Chooses the folder in which an added torrent's files are found or created.</summary>
internal static class FirstFolder
{
    /// <summary>
    /// Chooses the folder for incomplete files, if there is one, unless the torrent was already moved out of it, or some of its files are
    /// already at their final place.
    /// </summary>
    /// <param name="services">The session's services.</param>
    /// <param name="added">The torrent.</param>
    /// <param name="source">The torrent's source.</param>
    /// <returns>
    /// The torrent, with the folder for complete files in its options if that differs; and the chosen folder, absolute.
    /// </returns>
    /// <exception cref="FreshetException">Its record cannot be read.</exception>
    public static async Task<(NewTorrent Added, string Folder)> ChooseAsync(
        SessionServices services, NewTorrent added, LoadedSource source)
    {
        string folder = Absolute(added.Options.DownloadFolder ?? services.Options.DownloadFolder);
        if (added.Options.IncompleteFolder is not { } incomplete)
            return (added, folder);
        added = added with { Options = added.Options with { DownloadFolder = folder } };
        return await IsFinishedInAsync(folder, services, source).ConfigureAwait(false)
            ? (added, folder)
            : (added, Absolute(incomplete));
    }

    private static string Absolute(string folder) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    private static async Task<bool> IsFinishedInAsync(string folder, SessionServices services, LoadedSource source)
    {
        if (services.State is { } state
            && await state.RunAsync(() => state.LoadResume(source.Key, metainfo: null).Record?.Folder).ConfigureAwait(false) is { } known)
            return known == folder;
        return source.HasMetadata
            && await services.Disk.RunAsync(folder, () => HasFilesIn(folder, services, source)).ConfigureAwait(false);
    }

    private static bool HasFilesIn(string folder, SessionServices services, LoadedSource source)
    {
        TorrentMetainfo metainfo = MetainfoLoader.ForDataIn(folder, source, isWanted: false, out _);
        return metainfo.Files.Any(file => !file.IsPadding && services.Storage.System.Stat(new FilePath(folder, file.Path)).Exists);
    }
}

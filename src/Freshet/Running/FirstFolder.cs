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
    /// <param name="folder">The chosen folder, absolute.</param>
    /// <returns>The torrent, with the folder for complete files in its options if that differs.</returns>
    public static NewTorrent Resolve(SessionServices services, NewTorrent added, LoadedSource source, out string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(added.Options.DownloadFolder ?? services.Options.DownloadFolder));
        if (added.Options.IncompleteFolder is not { } incomplete)
            return added;
        added = added with { Options = added.Options with { DownloadFolder = folder } };
        if (!IsFinishedIn(folder, services, source))
            folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(incomplete));
        return added;
    }

    private static bool IsFinishedIn(string folder, SessionServices services, LoadedSource source)
    {
        if (services.State?.LoadResume(source.Key, metainfo: null).Record?.Folder is { } known)
            return known == folder;
        if (!source.HasMetadata)
            return false;
        TorrentMetainfo metainfo = MetainfoLoader.ForDataIn(folder, source, isWanted: false, out _);
        return metainfo.Files.Any(file => !file.IsPadding && services.Storage.System.Stat(new FilePath(folder, file.Path)).Exists);
    }
}

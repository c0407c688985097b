using Freshet.Core.Metainfo;
using Freshet.FileSystem;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>In which folder the files of a torrent that is added are to be found or made.</summary>
internal static class FirstFolder
{
    /// <summary>
    /// The folder for what is not complete, if there is one, unless the torrent has been brought from there already, or some of its files
    /// are where they are to be in the end.
    /// </summary>
    /// <param name="services">The session's.</param>
    /// <param name="added">The torrent.</param>
    /// <param name="source">What is known of it.</param>
    /// <param name="folder">The folder, absolute.</param>
    /// <returns>The torrent, with the folder for complete files in its options where that is another.</returns>
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

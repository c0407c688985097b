using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>Opens a torrent that its user adds to a session.</summary>
internal static class Adding
{
    /// <summary>Opens an added torrent without starting it.</summary>
    /// <exception cref="FreshetException">
    /// Another process uses it in the same folder, another running torrent would write the same files, or its state cannot be written.
    /// </exception>
    public static TorrentActor Open(SessionServices services, NewTorrent added)
    {
        LoadedSource source = added.Source.Recall(services.State);
        added = FirstFolder.Resolve(services, added, source, out string folder);
        (TorrentMetainfo? metainfo, TorrentOptions options, bool isPortable) = (null, added.Options, false);
        if (source.HasMetadata)
        {
            metainfo = MetainfoLoader.ForDataIn(folder, source, options.PortableNames, out isPortable);
            options = LinkSelection.Apply(options, source.Link, metainfo);
            if (!options.Stopped)
                SharedFiles.RequireNoConflict(services.Torrents, new StoredFiles(metainfo, FileMap.Identity, folder));
        }

        TorrentRecord record = added.ToRecord(services, source.Key, folder, options, metainfo is not null);
        TorrentMemory memory = TorrentMemory.Add(services.State, source, metainfo, record with { HasPortableNames = isPortable });
        return new TorrentActor(services, source.Identity, metainfo, memory, isRestored: false);
    }
}

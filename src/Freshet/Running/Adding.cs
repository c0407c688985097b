using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>
/// Opens a torrent that its user adds to a session. Each step runs on threads of the disk that it uses, so that a disk that hangs holds up
/// no torrent on another.
/// </summary>
internal static class Adding
{
    /// <summary>Opens an added torrent without starting it.</summary>
    /// <exception cref="FreshetException">
    /// Another process uses it in the same folder, another running torrent would write the same files, or its state cannot be read or
    /// written.
    /// </exception>
    public static async Task<TorrentActor> OpenAsync(SessionServices services, NewTorrent added)
    {
        LoadedSource source = services.State is { } state
            ? await state.RunAsync(() => added.Source.Recall(state)).ConfigureAwait(false)
            : added.Source;
        (added, string folder) = await FirstFolder.ChooseAsync(services, added, source).ConfigureAwait(false);
        (TorrentMetainfo? metainfo, TorrentOptions options, bool isPortable) = (null, added.Options, false);
        if (source.HasMetadata)
        {
            metainfo = await services.Disk.RunAsync(
                folder, () => MetainfoLoader.ForDataIn(folder, source, options.PortableNames, out isPortable)).ConfigureAwait(false);
            options = LinkSelection.Apply(options, source.Link, metainfo);
            if (!options.Stopped)
                SharedFiles.RequireNoConflict(services.Torrents, new StoredFiles(metainfo, FileMap.Identity, folder));
        }

        TorrentRecord record = added.ToRecord(services, source.Key, folder, options, metainfo is not null) with
        {
            HasPortableNames = isPortable,
        };
        TorrentMemory memory = await RecordAsync(services, source, metainfo, record).ConfigureAwait(false);
        return new TorrentActor(services, source.Identity, metainfo, memory, isRestored: false);
    }

    private static Task<TorrentMemory> RecordAsync(
        SessionServices services, LoadedSource source, TorrentMetainfo? metainfo, TorrentRecord record)
    {
        TorrentMemory Add() => TorrentMemory.Add(services.State, source, metainfo, record);

        // If other processes may use the state folder, the folder of the data is compared with theirs.
        return services.State is { IsAlone: true } state ? state.RunAsync(Add) : services.Disk.RunAsync(record.Folder, Add);
    }
}

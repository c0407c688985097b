using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>The other torrents of a state folder, which may store files at the paths of one.</summary>
/// <param name="state">The folder.</param>
/// <param name="key">The one.</param>
internal sealed class SavedNeighbours(StateFolder state, InfoHash key)
{
    /// <summary>Finds out whether files can go elsewhere: not if another has verified bytes in one that is there.</summary>
    /// <exception cref="FreshetException">They cannot.</exception>
    public void RequireUnshared(StoredFiles files)
    {
        foreach (KeptTorrent kept in state.List())
        {
            // What is known without its metainfo is enough for nearly all of them.
            if (kept is { HasTorrent: true } && kept.InfoHash != key
                && state.LoadResume(kept.InfoHash, metainfo: null).Record is { } record && StoredFiles.MayMeet(files.Folder, record.Folder))
                RequireUnshared(files, kept.InfoHash);
        }
    }

    private void RequireUnshared(StoredFiles files, InfoHash other)
    {
        if (!TryRead(other, out TorrentMetainfo? metainfo, out TorrentRecord? record) || record.Data is not { } data)
            return;
        StoredFiles theirs = new(metainfo, record.Map, record.Folder);
        foreach ((TorrentFile mine, TorrentFile file) in SharedFiles.Meet(files, theirs))
        {
            if (File.Exists(files.PathOf(mine)) && FileReport.VerifiedBytes(metainfo.Layout, file.Index, data.Have) > 0)
                throw SharedFiles.InUse(files.PathOf(mine), metainfo.Name);
        }
    }

    private bool TryRead(
        InfoHash infoHash, [NotNullWhen(true)] out TorrentMetainfo? metainfo, [NotNullWhen(true)] out TorrentRecord? record)
    {
        TorrentRecord? found = null;
        metainfo = null;
        try
        {
            metainfo = state.TorrentOf(infoHash).ReadWithoutHashes(torrent =>
            {
                found = state.LoadResume(infoHash, torrent).Record;
                return found is { HasPortableNames: true };
            });
        }
        catch (FreshetException)
        {
            // Nothing is known of it that it could lose.
        }

        record = found;
        return metainfo is not null && record is not null;
    }
}

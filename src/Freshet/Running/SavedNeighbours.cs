using System.Diagnostics.CodeAnalysis;
using Freshet.Core.Metainfo;
using Freshet.Persistence;

namespace Freshet.Running;

/// <summary>The other torrents of a state folder, which may store files at the same paths as one torrent.</summary>
/// <param name="state">The state folder.</param>
/// <param name="key">The torrent.</param>
internal sealed class SavedNeighbours(StateFolder state, InfoHash key)
{
    /// <summary>Checks whether files can be moved away: they cannot if another torrent has verified bytes in one that exists.</summary>
    /// <exception cref="FreshetException">They cannot.</exception>
    public void RequireUnshared(StoredFiles files)
    {
        foreach (KeptTorrent kept in state.List())
        {
            // For nearly all torrents, what is known without the metainfo is enough.
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
        catch (FreshetException e) when (!StateTrouble.IsUnreadable(e))
        {
            // Nothing is recorded of this torrent that it could lose.
        }

        record = found;
        return metainfo is not null && record is not null;
    }
}

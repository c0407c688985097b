using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// Adds sources to everything that counts them, and removes them again. A source's pieces are counted, and blocks are requested from it,
/// exactly while it is in the torrent's <see cref="SourceSet"/>.
/// </summary>
internal sealed class Sourcing(TorrentContext torrent)
{
    // Reused from call to call.
    private List<BlockRef> Asked => field ??= [];

    /// <summary>A source has become available.</summary>
    public void Join(BlockSource source)
    {
        torrent.Sources.Add(source);
        torrent.Availability.AddPeer(source.Has);
        torrent.Blame.OnConnected(source.Key, source.Sender);
    }

    /// <summary>A source is gone; what was requested from it may be requested from others.</summary>
    public void Leave(BlockSource source)
    {
        Asked.Clear();
        source.Requests.ForgetAll(Asked);
        foreach (BlockRef block in Asked)
            torrent.Ledger.Release(block, source.Key);
        torrent.Picker.Abandon(source.Key);
        torrent.Availability.RemovePeer(source.Has);
        torrent.Sources.Remove(source);
        torrent.Blame.OnGone(source.Key);
    }

    /// <summary>The pieces of the torrent are now known. No source is known to have any.</summary>
    public void OnMetadata()
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            source.OnPieceCount(torrent.Layout.PieceCount);
            torrent.Availability.AddPeer(source.Has);
        }
    }
}

using Freshet.Core.Peers;
using Freshet.Core.Pieces;

namespace Freshet.Core.Torrents;

/// <summary>
/// Enters whoever can be asked for blocks into every book that counts sources, and takes them out again. What a source has is counted, and
/// blocks are requested of it, exactly while it is in the torrent's <see cref="SourceSet"/>.
/// </summary>
internal sealed class Sourcing(TorrentContext torrent)
{
    private readonly List<BlockRef> _asked = [];

    /// <summary>A source is there.</summary>
    public void Join(BlockSource source)
    {
        torrent.Sources.Add(source);
        torrent.Availability.AddPeer(source.Has);
        torrent.Blame.OnConnected(source.Key, source.Sender);
    }

    /// <summary>A source is gone, and what it was asked for may be asked of others.</summary>
    public void Leave(BlockSource source)
    {
        _asked.Clear();
        source.Requests.ForgetAll(_asked);
        foreach (BlockRef block in _asked)
            torrent.Ledger.Release(block, source.Key);
        torrent.Picker.Abandon(source.Key);
        torrent.Availability.RemovePeer(source.Has);
        torrent.Sources.Remove(source);
        torrent.Blame.OnGone(source.Key);
    }

    /// <summary>It is known now which pieces there are. Nobody is known to have any.</summary>
    public void OnMetadata()
    {
        foreach (BlockSource source in torrent.Sources.All)
        {
            source.OnPieceCount(torrent.Layout.PieceCount);
            torrent.Availability.AddPeer(source.Has);
        }
    }
}

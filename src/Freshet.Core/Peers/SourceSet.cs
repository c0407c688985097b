using Freshet.Core.Pieces;

namespace Freshet.Core.Peers;

/// <summary>All sources of blocks: the connected peers and any others.</summary>
internal sealed class SourceSet
{
    private readonly Dictionary<PeerKey, BlockSource> _byKey = [];
    private readonly List<BlockSource> _all = [];

    /// <summary>
    /// All sources. Iterate backwards if the loop may remove sources: the source that takes a removed one's place has been visited already.
    /// </summary>
    public IReadOnlyList<BlockSource> All => _all;

    public BlockSource? Find(PeerKey key) => _byKey.GetValueOrDefault(key);

    public void Add(BlockSource source)
    {
        _byKey.Add(source.Key, source);
        _all.Add(source);
    }

    public void Remove(BlockSource source)
    {
        _byKey.Remove(source.Key);
        int place = _all.IndexOf(source);
        _all[place] = _all[^1];
        _all.RemoveAt(_all.Count - 1);
    }
}

using Freshet.Core.Pieces;

namespace Freshet.Core.Peers;

/// <summary>All sources of blocks: the connected peers and any others.</summary>
internal sealed class SourceSet
{
    // Created for the first source: most torrents at rest never have one.
    private Dictionary<PeerKey, BlockSource> ByKey => field ??= [];
    private readonly List<BlockSource> _all = [];

    /// <summary>
    /// All sources. Iterate backwards if the loop may remove sources: the source that takes a removed one's place has been visited already.
    /// </summary>
    public IReadOnlyList<BlockSource> All => _all;

    public BlockSource? Find(PeerKey key) => ByKey.GetValueOrDefault(key);

    public void Add(BlockSource source)
    {
        ByKey.Add(source.Key, source);
        _all.Add(source);
    }

    public void Remove(BlockSource source)
    {
        ByKey.Remove(source.Key);
        int place = _all.IndexOf(source);
        _all[place] = _all[^1];
        _all.RemoveAt(_all.Count - 1);
    }
}

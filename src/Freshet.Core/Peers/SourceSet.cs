using Freshet.Core.Pieces;

namespace Freshet.Core.Peers;

/// <summary>Whoever can be asked for blocks: the connected peers, and all other sources.</summary>
internal sealed class SourceSet
{
    private readonly Dictionary<PeerKey, BlockSource> _byKey = [];
    private readonly List<BlockSource> _all = [];

    /// <summary>
    /// All of them. Walk it from the end when the walk may end sources: the one that takes an ended one's place was walked already.
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

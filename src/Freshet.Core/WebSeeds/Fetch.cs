using Freshet.Core.Pieces;

namespace Freshet.Core.WebSeeds;

/// <summary>
/// A request in progress to a web seed. Its blocks arrive in order, whether or not they are still wanted; unwanted blocks at its end are
/// not waited for.
/// </summary>
internal sealed class Fetch
{
    private readonly BlockRef[] _blocks;
    private readonly bool[] _wanted;
    private int _wantedCount;
    private int _next;

    public Fetch(FetchKey key, ReadOnlySpan<BlockRef> blocks)
    {
        Key = key;
        _blocks = blocks.ToArray();
        _wanted = new bool[blocks.Length];
        Array.Fill(_wanted, true);
        _wantedCount = blocks.Length;
    }

    public FetchKey Key { get; }

    /// <summary>Whether none of the remaining blocks is wanted.</summary>
    public bool IsPointless => _wantedCount == 0 && _next < _blocks.Length;

    /// <summary>The next block has arrived.</summary>
    public void OnBlock()
    {
        _wantedCount -= _wanted[_next] ? 1 : 0;
        _wanted[_next++] = false;
    }

    /// <summary>A block is no longer wanted, or is wanted again; false if the request does not contain it, or nothing changes.</summary>
    public bool TrySet(BlockRef block, bool isWanted)
    {
        int place = Array.IndexOf(_blocks, block, _next);
        if (place < 0 || _wanted[place] == isWanted)
            return false;
        _wanted[place] = isWanted;
        _wantedCount += isWanted ? 1 : -1;
        return true;
    }

    /// <summary>Copies the blocks that are wanted and have not arrived.</summary>
    public void CopyWanted(List<BlockRef> into)
    {
        for (int i = _next; i < _blocks.Length; i++)
        {
            if (_wanted[i])
                into.Add(_blocks[i]);
        }
    }
}

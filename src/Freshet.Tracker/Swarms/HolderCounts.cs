namespace Freshet.Tracker.Swarms;

/// <summary>How many peers each holder of addresses has, in all swarms together. Holds exactly the holders that have some.</summary>
internal sealed class HolderCounts
{
    private readonly Dictionary<UInt128, int> _counts = new(KeyedHash.Instance);

    public int this[UInt128 holder] => _counts.GetValueOrDefault(holder);

    public void Add(UInt128 holder) => _counts[holder] = this[holder] + 1;

    public void Remove(UInt128 holder)
    {
        if (_counts.Remove(holder, out int count) && count > 1)
            _counts[holder] = count - 1;
    }
}

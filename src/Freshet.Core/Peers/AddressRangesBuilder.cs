using System.Numerics;

namespace Freshet.Core.Peers;

/// <summary>Collects ranges in any order, and merges those that overlap or touch.</summary>
internal sealed class AddressRangesBuilder
{
    private readonly List<uint> _v4First = [];
    private readonly List<uint> _v4Last = [];
    private readonly List<UInt128> _v6First = [];
    private readonly List<UInt128> _v6Last = [];

    /// <summary>The number of ranges added so far.</summary>
    public int Count => _v4First.Count + _v6First.Count;

    public void Add(in AddressRange range)
    {
        if (range.IsV6)
        {
            _v6First.Add(range.First);
            _v6Last.Add(range.Last);
        }
        else
        {
            _v4First.Add((uint)range.First);
            _v4Last.Add((uint)range.Last);
        }
    }

    public AddressRanges Build()
    {
        (UInt128[] first, UInt128[] last) = Merge(_v6First, _v6Last);
        return new AddressRanges(Merge(_v4First, _v4Last), (Array.ConvertAll(first, BytesOf), Array.ConvertAll(last, BytesOf)));
    }

    private static Bytes16 BytesOf(UInt128 address) => new((ulong)(address >> 64), (ulong)address);

    private static (T[] First, T[] Last) Merge<T>(List<T> firsts, List<T> lasts)
        where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        T[] first = [.. firsts];
        T[] last = [.. lasts];
        Array.Sort(first, last);
        int count = 0;
        for (int i = 0; i < first.Length; i++)
        {
            bool touches = count > 0 && (last[count - 1] == T.MaxValue || first[i] <= last[count - 1] + T.One);
            if (touches)
            {
                last[count - 1] = T.Max(last[count - 1], last[i]);
                continue;
            }

            (first[count], last[count]) = (first[i], last[i]);
            count++;
        }

        Array.Resize(ref first, count);
        Array.Resize(ref last, count);
        return (first, last);
    }
}

using System.Runtime.InteropServices;

namespace Freshet.Core.Sessions;

/// <summary>
/// Max-min fair division: nobody gets more than it wants, and nobody gets less than another unless it wants less. The instance is reused
/// for each division.
/// </summary>
internal sealed class FairShare
{
    private readonly List<int> _wants = [];

    /// <summary>Removes all wants.</summary>
    public void Clear() => _wants.Clear();

    /// <summary>Adds a want; 0 is ignored.</summary>
    public void Add(int want)
    {
        if (want > 0)
            _wants.Add(want);
    }

    /// <summary>
    /// Computes the level up to which wants are met in full; larger wants get exactly the level. May be called once per set of wants.
    /// </summary>
    /// <param name="capacity">The amount to divide.</param>
    /// <param name="rest">What is left over, fewer than the wants that get the level: so many of them can get one more each.</param>
    public int Level(int capacity, out int rest)
    {
        // Wants up to an equal part are met in full; the others divide the rest, until each of them exceeds its part. There are few rounds,
        // or few wants left in each.
        Span<int> wants = CollectionsMarshal.AsSpan(_wants);
        while (wants.Length > 0)
        {
            int part = capacity / wants.Length;
            int left = 0;
            foreach (int want in wants)
            {
                if (want <= part)
                    capacity -= want;
                else
                    wants[left++] = want;
            }

            if (left == wants.Length)
            {
                rest = capacity % left;
                return part;
            }

            wants = wants[..left];
        }

        rest = 0;
        return int.MaxValue;
    }
}

using System.Runtime.InteropServices;

namespace Freshet.Core.Sessions;

/// <summary>
/// Divides what there is among those who want it: nobody gets more than it wants, and nobody less than another that gets more. Used again
/// each time something is divided.
/// </summary>
internal sealed class FairShare
{
    private readonly List<int> _wants = [];

    /// <summary>Begins anew, with nobody.</summary>
    public void Clear() => _wants.Clear();

    /// <summary>Somebody wants so much; who wants nothing is not there.</summary>
    public void Add(int want)
    {
        if (want > 0)
            _wants.Add(want);
    }

    /// <summary>
    /// Computes the level up to which wants are met in full; whoever wants more gets so much. Once for those who were added.
    /// </summary>
    /// <param name="capacity">What there is.</param>
    /// <param name="rest">What is left over, fewer than get the level: one more each for so many of them.</param>
    public int Level(int capacity, out int rest)
    {
        // Whoever wants no more than an equal part gets it; the others divide what is left, until each of them wants more than its part.
        // There are few rounds, or few are left in them: a round that serves one alone takes as much as the next part is larger.
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

namespace Freshet.Core.Sessions;

/// <summary>
/// Divides what there is among those who want it: nobody gets more than it wants, and nobody less than another that gets more.
/// </summary>
internal static class FairShare
{
    /// <summary>Computes the level up to which wants are met in full; whoever wants more gets so much.</summary>
    /// <param name="wants">What each wants, in any order; it is sorted here.</param>
    /// <param name="capacity">What there is.</param>
    /// <param name="rest">What is left over, fewer than get the level: one more each for so many of them.</param>
    public static int Level(Span<int> wants, int capacity, out int rest)
    {
        wants.Sort();
        rest = 0;
        for (int i = 0; i < wants.Length; i++)
        {
            int others = wants.Length - i;
            if (wants[i] > capacity / others)
            {
                rest = capacity % others;
                return capacity / others;
            }

            capacity -= wants[i];
        }

        return int.MaxValue;
    }
}

namespace Freshet.Core.Dht.Krpc;

/// <summary>
/// Shortens answers. Nodes lead the asker closer, and peers are what it came for, so both are shortened before either is left out.
/// </summary>
internal static class KrpcShortening
{
    private const int FewValues = 8;
    private const int FewNodes = DhtLimits.DhtBucketSize / 2;

    /// <summary>
    /// Leaves out what an answer is too long by, in one step; of an answer that still does not fit, everything that may be left out of it.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="excess">The number of bytes by which it is too long.</param>
    /// <returns>The shorter answer, which is the same if it has no values and no nodes.</returns>
    public static KrpcAnswer Shorten(this KrpcAnswer answer, int excess)
    {
        (int values, int nodes, int nodes6) = (answer.Values.Length, answer.Nodes.Length, answer.Nodes6.Length);
        Drop(ref values, FewValues, LengthOfValue(answer.Values), ref excess);
        Drop(ref nodes6, FewNodes, NodeInfo.V6Length, ref excess);
        Drop(ref nodes, FewNodes, NodeInfo.V4Length, ref excess);
        Drop(ref nodes6, 0, NodeInfo.V6Length, ref excess);
        Drop(ref nodes, 0, NodeInfo.V4Length, ref excess);
        Drop(ref values, 0, LengthOfValue(answer.Values), ref excess);
        return answer with { Values = answer.Values[..values], Nodes = answer.Nodes[..nodes], Nodes6 = answer.Nodes6[..nodes6] };
    }

    private static void Drop(ref int count, int least, int length, ref int excess)
    {
        if (excess <= 0)
            return;
        int dropped = Math.Min(Math.Max(count - least, 0), (excess + length - 1) / length);
        count -= dropped;
        excess -= dropped * length;
    }

    // A string: its length, a colon, and the compact address.
    private static int LengthOfValue(ReadOnlySpan<NodeAddress> values) =>
        values is [{ IsV6: true }, ..] ? NodeAddress.V6Length + 3 : NodeAddress.V4Length + 2;
}

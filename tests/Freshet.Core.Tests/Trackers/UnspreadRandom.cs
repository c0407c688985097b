namespace Freshet.Core.Tests.Trackers;

/// <summary>A source of randomness that spreads no times, so that a test can name them exactly; it still shuffles.</summary>
internal sealed class UnspreadRandom(int seed) : Random(seed)
{
    public override double NextDouble() => 0;
}

namespace Freshet.Core.Rates;

/// <summary>What the connections of one transport did in one direction in the last second.</summary>
/// <param name="Active">The number of connections that transferred something worth mentioning.</param>
/// <param name="BytesPerSecond">The rate of all of them together.</param>
internal readonly record struct TransportUse(int Active, double BytesPerSecond)
{
    /// <summary>The bytes per second from which on a connection counts as active: more than what idle ones say.</summary>
    public const int LeastActive = 2 * 1024;

    /// <summary>Adds a connection that transferred at a rate.</summary>
    public TransportUse Add(double rate) => new(Active + (rate >= LeastActive ? 1 : 0), BytesPerSecond + rate);
}

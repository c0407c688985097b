namespace Freshet.Core.Utp;

/// <summary>What a connection has measured of the path to its peer.</summary>
internal sealed class UtpPath
{
    /// <param name="longestPacket">Bytes of the longest packet that the local network carries.</param>
    public UtpPath(int longestPacket)
    {
        Mtu = new MtuProbe(longestPacket);
        Congestion = new Ledbat(Mtu.Length);
    }

    public RttEstimator RoundTrip { get; } = new();

    public QueueingDelay Delay { get; } = new();

    public MtuProbe Mtu { get; }

    public Ledbat Congestion { get; }

    /// <summary>Nothing was acknowledged in time, the given number of times in a row.</summary>
    public void OnTimeout(int times)
    {
        Congestion.OnTimeout();
        Delay.OnTimeout();
        if (times > 1)
            Mtu.OnBlackHole();
    }
}

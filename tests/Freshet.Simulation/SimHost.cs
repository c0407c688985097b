using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>A machine on the network: its address, and its line, which all of its connections share.</summary>
internal sealed class SimHost(IPEndPoint address)
{
    private TimeSpan? _latencyIn;

    public IPEndPoint Address { get; } = address;

    /// <summary>Its upload rate.</summary>
    public DataRate Uplink { get; set; } = DataRate.FromMiB(4);

    /// <summary>Its download rate; null if it is unlimited.</summary>
    public DataRate? Downlink { get; set; }

    /// <summary>The latency to the middle of the network; those of two hosts add up.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The latency from the middle of the network; by default the same as in the other direction.</summary>
    public TimeSpan LatencyIn
    {
        get => _latencyIn ?? Latency;
        set => _latencyIn = value;
    }

    /// <summary>The maximum random addition to the latency.</summary>
    public TimeSpan Jitter { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The fraction of sends that are lost once, and so arrive late, as with TCP.</summary>
    public double Loss { get; set; }

    /// <summary>Whether it has a network at all: see <see cref="SimNetwork.GoOffline"/>.</summary>
    public bool IsOnline { get; set; } = true;

    /// <summary>Whether nobody can connect to it, although it can connect to others.</summary>
    public bool IsBehindNat { get; set; }

    /// <summary>Whether what it sends arrives; if not, it waits, and neither end knows.</summary>
    public bool IsStalled { get; set; }

    /// <summary>When the line has sent everything so far.</summary>
    public Timestamp UplinkFreeAt { get; set; }

    /// <summary>When the line has received everything so far.</summary>
    public Timestamp DownlinkFreeAt { get; private set; }

    /// <summary>When bytes that reach the line at a given time have passed it.</summary>
    public Timestamp Receive(Timestamp arrives, int bytes)
    {
        if (Downlink is not { } rate)
            return arrives;
        Timestamp begins = DownlinkFreeAt > arrives ? DownlinkFreeAt : arrives;
        DownlinkFreeAt = begins + TimeSpan.FromSeconds(bytes / (double)rate.BytesPerSecond);
        return DownlinkFreeAt;
    }

    public override string ToString() => Address.ToString();
}

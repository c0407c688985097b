using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>A machine on the network: its address, and its line, which all of its connections share.</summary>
internal sealed class SimHost(IPEndPoint address)
{
    private TimeSpan? _latencyIn;

    public IPEndPoint Address { get; } = address;

    /// <summary>What it can send.</summary>
    public DataRate Uplink { get; set; } = DataRate.FromMiB(4);

    /// <summary>What it can receive; null if that holds nothing up.</summary>
    public DataRate? Downlink { get; set; }

    /// <summary>From it to the middle of the network; two hosts' add up.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>From the middle of the network to it; as the other way, if nothing else is said.</summary>
    public TimeSpan LatencyIn
    {
        get => _latencyIn ?? Latency;
        set => _latencyIn = value;
    }

    /// <summary>The most that chance adds to the latency.</summary>
    public TimeSpan Jitter { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The part of sends that are lost once, and so arrive late, as with TCP.</summary>
    public double Loss { get; set; }

    /// <summary>Whether it has a network at all: see <see cref="SimNetwork.GoOffline"/>.</summary>
    public bool IsOnline { get; set; } = true;

    /// <summary>Whether nobody can connect to it, though it can to others.</summary>
    public bool IsBehindNat { get; set; }

    /// <summary>Whether what it sends still arrives; if not it waits, and no end knows.</summary>
    public bool IsStalled { get; set; }

    /// <summary>When the line is through with what was sent so far.</summary>
    public Timestamp UplinkFreeAt { get; set; }

    /// <summary>When the line is through with what arrives.</summary>
    public Timestamp DownlinkFreeAt { get; private set; }

    /// <summary>When bytes that get to the line at a moment are there.</summary>
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

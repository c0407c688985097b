using System.Net;
using Freshet.Core.Rates;

namespace Freshet.Simulation;

/// <summary>A machine on the network: its address, and its line, which all of its connections share.</summary>
internal sealed class SimHost(IPEndPoint address)
{
    public IPEndPoint Address { get; } = address;

    /// <summary>What it can send.</summary>
    public DataRate Uplink { get; set; } = DataRate.FromMiB(4);

    /// <summary>From it to the middle of the network; two hosts' add up.</summary>
    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>The most that chance adds to the latency.</summary>
    public TimeSpan Jitter { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The part of sends that are lost once, and so arrive late, as with TCP.</summary>
    public double Loss { get; set; }

    /// <summary>Whether it can be reached.</summary>
    public bool IsOnline { get; set; } = true;

    /// <summary>Whether what it sends still arrives; if not it waits, and no end knows.</summary>
    public bool IsStalled { get; set; }

    /// <summary>When the line is through with what was sent so far.</summary>
    public Timestamp UplinkFreeAt { get; set; }

    public override string ToString() => Address.ToString();
}

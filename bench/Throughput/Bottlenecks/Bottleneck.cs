using System.Net;
using Freshet.Interop.Running;

namespace Freshet.Throughput.Bottlenecks;

/// <summary>
/// Two networks of their own, and a line between them that this process relays, packet by packet: whatever speaks IP over it, such as the
/// TCP of the kernel, meets its rate, its delay, its losses and its queue.
/// </summary>
internal sealed class Bottleneck : IDisposable
{
    // What waits for this process, which shares the processors with both ends, is not lost: only the line drops packets.
    private const string DeviceQueue = "20000";

    private readonly TunDevice _nearDevice;
    private readonly TunDevice _farDevice;
    private readonly Direction _back;

    /// <exception cref="InvalidOperationException">This machine does not allow it.</exception>
    public Bottleneck(BottleneckOptions options)
    {
        Near = Create();
        Far = Create();
        _nearDevice = Join(Near, "near", NearAddress);
        _farDevice = Join(Far, "far", FarAddress);
        Forward = new Direction(_nearDevice, _farDevice, options, options.Loss);
        _back = new Direction(_farDevice, _nearDevice, options, loss: 0);
    }

    /// <summary>The network at the end that sends.</summary>
    public NetworkNamespace Near { get; }

    /// <summary>The network at the end that receives.</summary>
    public NetworkNamespace Far { get; }

    public IPAddress NearAddress { get; } = new([203, 0, 113, 1]);

    public IPAddress FarAddress { get; } = new([203, 0, 113, 2]);

    /// <summary>The way of the data.</summary>
    public Direction Forward { get; }

    public void Dispose()
    {
        Forward.Dispose();
        _back.Dispose();
        _nearDevice.Dispose();
        _farDevice.Dispose();
        Near.Dispose();
        Far.Dispose();
    }

    private static NetworkNamespace Create() =>
        NetworkNamespace.TryCreate() ?? throw new InvalidOperationException("Only root can create networks, with iproute2 and on Linux.");

    private static TunDevice Join(NetworkNamespace network, string end, IPAddress address)
    {
        TunDevice device = TunDevice.Create($"{end}-{Environment.ProcessId}");
        if (network.Take(device.Name) && network.AddAddress($"{address}/30", device.Name)
            && network.Ip("link", "set", device.Name, "mtu", "1500", "txqueuelen", DeviceQueue, "up"))
            return device;
        device.Dispose();
        throw new InvalidOperationException($"{device.Name} cannot be used in a network of its own.");
    }
}

using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>Options of a <see cref="UdpMux"/>.</summary>
internal sealed record UdpMuxOptions
{
    /// <summary>The local address, or any.</summary>
    public required NetworkBinding Binding { get; init; }

    /// <summary>The proxy by which alone datagrams are sent and received, from any port of the binding; null for none.</summary>
    public ProxyDialer? Proxy { get; init; }

    /// <summary>Gets what is wrong with the proxy, in words, when it begins.</summary>
    public Action<string> OnTrouble { get; init; } = static _ => { };

    /// <summary>The port, the same as for TCP if possible; if it is taken, or 0, another one.</summary>
    public int Port { get; init; }

    /// <summary>Gets the port that is used because the wanted one is taken, when it is opened for the first time.</summary>
    public Action<int> OnOtherPort { get; init; } = static _ => { };

    /// <summary>The families to receive over, as far as the machine and the binding have them.</summary>
    public IReadOnlyList<AddressFamily> Families { get; init; } = [AddressFamily.InterNetwork, AddressFamily.InterNetworkV6];

    /// <summary>Receives exceptions that escaped a protocol, which are always bugs.</summary>
    public Action<Exception> OnFault { get; init; } = static _ => { };

    /// <summary>The clock and its timers.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Whether many datagrams are received and sent with one call, where the system can.</summary>
    public bool Batches { get; init; } = true;

    /// <summary>
    /// Whether with these calls datagrams in a row are one for the system, where it can take them apart and put them together.
    /// </summary>
    public bool Merges { get; init; } = true;
}

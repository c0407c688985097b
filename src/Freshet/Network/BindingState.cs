using System.Net;
using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>The last known state of a <see cref="NetworkBinding"/>'s address or interface. Immutable.</summary>
internal sealed record BindingState
{
    /// <summary>The address to use over IPv4; null for none, or for any if nothing is bound.</summary>
    public IPAddress? V4 { get; init; }

    /// <summary>The address to use over IPv6.</summary>
    public IPAddress? V6 { get; init; }

    /// <summary>The interface's number; 0 without an interface.</summary>
    public int Index { get; init; }

    /// <summary>The name of the interface that sockets are bound to besides their address; null if they are not.</summary>
    public string? Device { get; init; }

    /// <summary>Why nothing can be sent, for people; null if sending works.</summary>
    public string? Trouble { get; init; }

    /// <summary>Incremented whenever the sockets opened before have become useless.</summary>
    public int Epoch { get; init; }

    /// <summary>
    /// Cancelled when the sockets opened in this epoch have become useless. Never disposed, since they may still use it.
    /// </summary>
    public CancellationTokenSource Sockets { get; init; } = new();

    /// <summary>Completes when the trouble is over; null without trouble.</summary>
    public TaskCompletionSource? Lost { get; init; }

    public IPAddress? AddressOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? V6 : V4;

    /// <summary>The same, for sockets that are opened from now on.</summary>
    public BindingState InNextEpoch() => this with { Epoch = Epoch + 1, Sockets = new CancellationTokenSource() };

    /// <summary>The same, when nothing can be sent.</summary>
    public BindingState InTrouble(string trouble) => (Lost is null ? InNextEpoch() : this) with
    {
        Trouble = trouble,
        Lost = Lost ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
    };
}

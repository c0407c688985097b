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

    /// <summary>Why nothing can be sent, for people; null if sending works.</summary>
    public string? Trouble { get; init; }

    /// <summary>Incremented whenever the sockets opened before have become useless.</summary>
    public int Epoch { get; init; }

    /// <summary>Completes when the trouble is over; null without trouble.</summary>
    public TaskCompletionSource? Lost { get; init; }

    public IPAddress? AddressOf(AddressFamily family) => family == AddressFamily.InterNetworkV6 ? V6 : V4;

    /// <summary>The same, when nothing can be sent.</summary>
    public BindingState InTrouble(string trouble) => this with
    {
        Trouble = trouble,
        Epoch = Lost is null ? Epoch + 1 : Epoch,
        Lost = Lost ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously),
    };
}

using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>Where and how to listen for peers.</summary>
internal sealed record PeerListenerOptions
{
    /// <summary>Opens the sockets: on its address, or on all addresses of each family.</summary>
    public required NetworkBinding Binding { get; init; }

    /// <summary>The port, one for both families; with 0 the system chooses.</summary>
    public int Port { get; init; }

    /// <summary>The maximum number of connections before their handshake, except for a moment; see <see cref="FairRoom"/>.</summary>
    public required int MaxHandshakes { get; init; }

    /// <summary>Whether connections may or must be encrypted.</summary>
    public EncryptionOptions Encryption { get; init; } = new();

    /// <summary>Computes the key agreements of encrypted connections; shared with whoever dials.</summary>
    public KeyAgreements Agreements { get; init; } = new();

    /// <summary>Whether the port of the same number is wanted for UDP too: with port 0, one is chosen that is free for both.</summary>
    public bool WantsUdp { get; init; }

    /// <summary>
    /// Whether TCP connections are closed on arrival. The port is held nevertheless, so that uTP has the port that is announced to peers;
    /// if it is not free for UDP, nobody could connect, and it counts as taken.
    /// </summary>
    public bool RefusesTcp { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

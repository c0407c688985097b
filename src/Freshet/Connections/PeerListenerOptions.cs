using Freshet.Core.Peers;
using Freshet.Network;

namespace Freshet.Connections;

/// <summary>Where and how to listen for peers.</summary>
internal sealed record PeerListenerOptions
{
    /// <summary>Opens the sockets: at its address, or for all addresses of each family.</summary>
    public required NetworkBinding Binding { get; init; }

    /// <summary>The port, one for both families; with 0 the system chooses.</summary>
    public int Port { get; init; }

    /// <summary>The most connections without a handshake for more than a moment; see <see cref="FairRoom"/>.</summary>
    public required int MaxHandshakes { get; init; }

    /// <summary>Whether connections may be encrypted, or must.</summary>
    public EncryptionOptions Encryption { get; init; } = new();

    /// <summary>
    /// Whether connections over TCP are closed as they come. The port is held all the same, so that uTP has the one that peers are told.
    /// </summary>
    public bool RefusesTcp { get; init; }

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

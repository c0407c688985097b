using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>The way of an <see cref="IExtension"/> to its peers.</summary>
internal interface IExtensionLine
{
    /// <summary>Sends a message of an extension; false if the peer does not take it.</summary>
    bool TrySend(Peer peer, ExtensionRow extension, ReadOnlyMemory<byte> payload, Timestamp now);

    /// <summary>Whether a peer takes the messages of an extension.</summary>
    bool Takes(Peer peer, ExtensionRow extension);
}

using Freshet.Core.Peers;
using Freshet.Core.Rates;
using Freshet.Core.Wire.Extensions;

namespace Freshet.Core.Torrents;

/// <summary>How an <see cref="IExtension"/> sends to its peers.</summary>
internal interface IExtensionLine
{
    /// <summary>Sends a message of an extension; false if the peer does not support the extension.</summary>
    bool TrySend(Peer peer, ExtensionRow extension, ReadOnlyMemory<byte> payload, Timestamp now);

    /// <summary>Whether a peer accepts messages of an extension.</summary>
    bool Takes(Peer peer, ExtensionRow extension);
}
